import type { Database, Queryable } from "../database/index.js";
import { LockstepError } from "../errors.js";
import type { Job, TerminalStatus } from "../job/index.js";
import type { ArchiveRecord, ReadArchive } from "./archive-ledger.js";
import type { StatusExplanation } from "./read-models.js";
import { statement } from "./statements.js";

/** What the ledger itself still knows about an archived job. */
export interface ArchivedRow
  extends Omit<
    Job,
    | "status"
    | "finished_at"
    | "progress"
    | "input"
    | "output"
    | "error"
    | "deadline_at"
    | "source"
    | "archive"
  > {
  readonly status: TerminalStatus;
  readonly finished_at: string;
  readonly archived_at: string;
  readonly file: string;
  readonly member_offset: number;
  readonly member_bytes: number;
  readonly line: number;
}

/** Answers requests about jobs that were moved to the archive. */
export interface ArchivedJobs {
  /**
   * @param runner the transaction to read with: the embedded database has no other connection.
   *   Default: the database
   */
  rows(ids: readonly string[], runner?: Pick<Queryable, "query">): Promise<readonly ArchivedRow[]>;
  /** The job as it ended. Its payloads are missing when its file cannot be read. */
  toJob(row: ArchivedRow): Promise<Job>;
  /**
   * Everything that was recorded about a job.
   * @returns null when no such job was archived
   * @throws ARCHIVED when its file cannot be read
   */
  record(id: string): Promise<ArchiveRecord | null>;
  explain(id: string): Promise<StatusExplanation | null>;
}

export function createArchivedJobs(database: Database, read: ReadArchive): ArchivedJobs {
  const find = async (ids: readonly string[], runner: Pick<Queryable, "query"> = database) =>
    (await runner.query<ArchivedRow>(statement("get_archived"), [ids])).rows;
  const one = async (id: string) => (await find([id]))[0] ?? null;

  return {
    rows: find,
    toJob: async (row) => archivedJob(row, await readRecord(read, row)),
    async record(id) {
      const row = await one(id);
      if (row === null) return null;
      const record = await readRecord(read, row);
      if (record) return record;
      throw new LockstepError(
        "ARCHIVED",
        `Job ${id} was archived, and the file ${row.file} with its history cannot be read here.`,
      );
    },
    async explain(id) {
      const row = await one(id);
      return row && explainArchived(row);
    },
  };
}

/**
 * A file that holds another job at this place, or another version of this job, was damaged or
 * replaced: treat it as missing.
 */
async function readRecord(read: ReadArchive, row: ArchivedRow): Promise<ArchiveRecord | null> {
  const place = { file: row.file, offset: row.member_offset, bytes: row.member_bytes, line: row.line };
  const record = await read(place);
  return record?.job.id === row.id && record.job.version === row.version ? record : null;
}

function archivedJob(row: ArchivedRow, record: ArchiveRecord | null): Job {
  const { archived_at, file, member_offset: _offset, member_bytes: _bytes, line: _line, ...job } = row;
  const payloads = record && {
    progress: record.job.progress,
    input: record.job.input,
    output: record.job.output,
    error: record.job.error,
  };
  // Without the file the payloads are left out instead of being null: null would mean that there
  // were none. See Job.archive.
  return {
    ...job,
    ...payloads,
    deadline_at: null,
    source: "ledger",
    archived: true,
    archive: { at: archived_at, file, readable: record !== null },
  } as Job;
}

function explainArchived(row: ArchivedRow): StatusExplanation {
  const { id, status, version, as_of, finished_at, attempt, failures, max_attempts } = row;
  const ended = {
    completed: `Completed at ${finished_at} by attempt ${attempt}`,
    failed: `Failed at ${finished_at} after ${failures} of ${max_attempts} allowed failures`,
    cancelled: `Cancelled at ${finished_at} by ${row.actor}`,
  }[status];
  return {
    job_id: id,
    status,
    version,
    summary: `${ended}; moved to the archive at ${row.archived_at}.`,
    evidence: [
      { name: "attempt", value: attempt },
      { name: "failures", value: failures },
      { name: "max_attempts", value: max_attempts },
      { name: "last_transition", value: `${row.reason} by ${row.actor}` },
      { name: "archived_at", value: row.archived_at },
      { name: "archive_file", value: row.file },
    ],
    as_of,
  };
}
