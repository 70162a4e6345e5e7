/**
 * The archive: finished jobs older than the retention, as compressed NDJSON files. Each line is one
 * record with everything the ledger knew about the job.
 *
 * Invariants. A job is either among the ledger's jobs or among its archived ones: it moves in one
 * commit, and only after its record is in a file that was synced to disk. Its id returns the same
 * status and version before and after, even when the file cannot be read. No job is moved before
 * every reader of the feed has seen its history.
 *
 * Who may change it. Files are written by run.ts and never changed. Rows change only through the
 * ledger's `archive.commit`, which compares each job's version with the one that was written.
 *
 * What happens in a crash. Before the commit: the jobs are still there, and there may be a file
 * that no row refers to. The next run writes the same records again, under the same name when the
 * batch is the same. After the commit: everything is done. A process that dies keeps the right to
 * archive for two more minutes.
 */
export { Archiver, type ArchiverOptions } from "./archiver.js";
export { createDiskSink } from "./disk-sink.js";
export { archiveAndExpire, type ExpiryOptions, type ExpiryOutcome, expireFiles } from "./expire.js";
export { readRecord } from "./record-file.js";
export { type ArchiveOutcome, type ArchiveProgress, type ArchiveRunOptions, runArchive } from "./run.js";
export { createS3Sink } from "./s3-sink.js";
export type { ArchiveSink } from "./sink.js";
