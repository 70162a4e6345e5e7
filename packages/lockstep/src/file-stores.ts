/**
 * Where files and the archive are stored: in folders of this machine, or in S3 buckets, which
 * workers and servers on several machines share.
 */
import { join } from "node:path";
import { type ArchiveSink, createDiskSink, createS3Sink } from "./archive/index.js";
import {
  type ArtifactStore,
  type Bucket,
  createDiskStore,
  createS3Store,
  openBucket,
} from "./artifacts/index.js";
import { LockstepError } from "./errors.js";

export interface FileStoresOptions {
  /** Absolute. */
  readonly dataDir: string;
  /** The largest file that is accepted, in bytes. */
  readonly uploadBytesMax?: number;
  /** A bucket for files, such as `s3://bucket/prefix`. Default: the data directory. */
  readonly artifacts?: string | null;
  /** Absolute. Default: `archive` in the data directory. */
  readonly archiveDir?: string | null;
  /** A bucket for the archive, instead of a folder. */
  readonly archiveBucket?: string | null;
  readonly s3Endpoint?: string | null;
  readonly s3Region?: string;
  readonly s3AccessKeyId?: string | null;
  readonly s3SecretAccessKey?: string | null;
  readonly s3SessionToken?: string | null;
}

export interface FileStores {
  readonly files: ArtifactStore;
  readonly sink: ArchiveSink;
}

/** @throws LockstepError INVALID_CONFIG for a bucket without credentials */
export function openFileStores(options: FileStoresOptions): FileStores {
  const { dataDir, artifacts, archiveBucket, archiveDir, uploadBytesMax } = options;
  const dir = join(dataDir, "files");
  const limits = uploadBytesMax === undefined ? {} : { fileBytesMax: uploadBytesMax };
  return {
    files: artifacts
      ? createS3Store({ bucket: bucketOf(artifacts, options), dir, ...limits })
      : createDiskStore({ dir, ...limits }),
    sink: archiveBucket
      ? createS3Sink(bucketOf(archiveBucket, options))
      : createDiskSink(archiveDir ?? join(dataDir, "archive")),
  };
}

function bucketOf(address: string, options: FileStoresOptions): Bucket {
  const { s3AccessKeyId, s3SecretAccessKey, s3SessionToken, s3Region: region = "us-east-1" } = options;
  if (!s3AccessKeyId || !s3SecretAccessKey)
    throw new LockstepError(
      "INVALID_CONFIG",
      `${address} needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  return openBucket({
    address,
    endpoint: options.s3Endpoint ?? `https://s3.${region}.amazonaws.com`,
    region,
    accessKeyId: s3AccessKeyId,
    secretAccessKey: s3SecretAccessKey,
    sessionToken: s3SessionToken ?? null,
  });
}
