/**
 * Files: what clients upload as input, and what jobs leave behind.
 *
 * A content is streamed to a temporary file, hashed, fsynced and renamed to its SHA-256; a small info file, renamed
 * last, makes it exist. So a crash at any point leaves either the whole file or a temporary one, which is swept a
 * day later. No client's text becomes a path unchecked: uploads are addressed by hash, artifacts by a name that
 * `isPlainName` accepts. Each attempt of a job has its own folder: a zombie attempt cannot overwrite a newer one's
 * files. Artifacts are no record of a status; only the ledger is.
 */
export { artifactWriter } from "./artifact-writer.js";
export { createDiskStore, type DiskStoreOptions } from "./disk-store.js";
export { isFileId, isPlainName } from "./name.js";
export { type Bucket, type BucketOptions, openBucket } from "./s3/bucket.js";
export { createS3Store } from "./s3/s3-store.js";
export type { ArtifactInfo, ArtifactOwner, ArtifactStore, FileInfo, NewArtifact } from "./store.js";
