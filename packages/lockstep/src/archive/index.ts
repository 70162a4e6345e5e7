/**
 * The archive: finished jobs older than the retention, as compressed NDJSON files, one record a line with all that the ledger
 * knew of the job.
 *
 * What is true. A job is among the ledger's jobs or among its archived ones, and always in one of the two: it moves in one
 * commit, and only after its record is in a file that was synced to disk. Its id answers the same status and version before
 * and after, also where the file cannot be read. Nothing that a reader of the feed has not seen is moved.
 *
 * Who may change it. Files are written by run.ts and never changed. Rows change only through the ledger's `archive.commit`,
 * which compares each job's version with the one that was written.
 *
 * What happens in a crash. Before the commit: the jobs are still there, and a file may be there that no row names; the next run
 * writes the same records again, under the same name when the batch is the same. After it: everything is done. A process
 * that dies holds the right to archive for two more minutes.
 */
export { Archiver, type ArchiverOptions } from "./archiver.js";
export { createDiskSink } from "./disk-sink.js";
export { archiveAndExpire, type ExpiryOptions, type ExpiryOutcome, expireFiles } from "./expire.js";
export { readRecord } from "./record-file.js";
export { type ArchiveOutcome, type ArchiveProgress, type ArchiveRunOptions, runArchive } from "./run.js";
export { createS3Sink } from "./s3-sink.js";
export type { ArchiveSink } from "./sink.js";
