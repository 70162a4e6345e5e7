/**
 * Files: the inputs that clients upload, and the artifacts that jobs write.
 *
 * A content is streamed to a temporary file, hashed, fsynced and renamed to its SHA-256. A small
 * info file is renamed last; the content exists only from then on. So a crash at any point leaves
 * either the whole file or a temporary one, which is removed a day later. No text from a client
 * becomes a path unchecked: uploads are addressed by hash, artifacts by a name that `isPlainName`
 * accepts. Each attempt of a job has its own folder, so an old attempt cannot overwrite a newer
 * one's files. Artifacts do not record a status; only the ledger does.
 */
export { artifactWriter } from "./artifact-writer.js";
export { createDiskStore, type DiskStoreOptions } from "./disk-store.js";
export { isFileId, isPlainName } from "./name.js";
export { type Bucket, type BucketOptions, openBucket } from "./s3/bucket.js";
export { createS3Store } from "./s3/s3-store.js";
export type { ArtifactInfo, ArtifactOwner, ArtifactStore, FileInfo, NewArtifact } from "./store.js";
