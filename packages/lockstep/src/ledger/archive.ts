import type { Database } from "../database/index.js";
import { type Job, NIL_ID, type TransitionRecord } from "../job/index.js";
import type {
  ArchiveCandidate,
  ArchiveEntry,
  ArchiveFile,
  ArchiveLedger,
  ArchivePage,
  ArchiveRecord,
  ArchiveWalk,
  FeedReader,
} from "./archive-ledger.js";
import { databaseClock } from "./database-clock.js";
import type { LateResult, LogLine } from "./read-models.js";
import { statement } from "./statements.js";

const LOG_LINES_MAX = 1_000;
const LOG_BYTES_MAX = 65_536;
/**
 * An id carries the clock of the process that submitted the job. A job from a clock that is farther
 * ahead is archived that much later.
 */
const CLOCK_SKEW_MS = 86_400_000;

type PageRow = { [Name in keyof ArchiveCandidate]: ArchiveCandidate[Name] | null } & {
  readonly examined: number;
  readonly examined_up_to: string | null;
};

type JobRow = ArchiveRecord["job"] & Pick<ArchiveRecord, "traceparent">;
type LateRow = LateResult & { readonly job_id: string };
type LogRow = LogLine & { readonly job_id: string; readonly found: number };

export function createArchiveLedger(database: Database): ArchiveLedger {
  return {
    async begin({ runner, holdSeconds, restSeconds }) {
      const { rows } = await database.query<{ now: string }>(statement("archive_begin"), [
        runner,
        holdSeconds,
        restSeconds ?? null,
      ]);
      return rows[0] === undefined ? null : Date.parse(rows[0].now);
    },
    now: () => databaseClock(database),
    async end(runner, completed) {
      await database.query(statement("archive_end"), [runner, completed]);
    },
    page: (walk) => readPage(database, walk),
    records: (ids) => readRecords(database, ids),
    async commit(files, entries, finishedBefore) {
      const { rows } = await database.query<{ replaced: number }>(statement("archive_commit"), [
        JSON.stringify(files.map(fileParameter)),
        JSON.stringify(entries.map(entryParameter)),
        finishedBefore,
      ]);
      return rows[0]?.replaced ?? 0;
    },
    async readers() {
      return (await database.query<FeedReader>(statement("archive_readers"))).rows;
    },
  };
}

async function readPage(database: Database, walk: ArchiveWalk): Promise<ArchivePage> {
  const { rows } = await database.query<PageRow>(statement("archive_pick"), [
    walk.after ?? NIL_ID,
    idAt(Date.parse(walk.finishedBefore) + CLOCK_SKEW_MS),
    walk.finishedBefore,
    walk.examinedMax,
    walk.candidatesMax,
  ]);
  const candidates = rows.filter((row): row is PageRow & ArchiveCandidate => row.id !== null);
  const { examined = 0, examined_up_to: examinedUpTo = null } = rows[0] ?? {};
  const isFull = candidates.length >= walk.candidatesMax;
  const last = isFull ? (candidates.at(-1)?.id ?? null) : examinedUpTo;
  return {
    candidates: candidates.map(({ id, version, finished_at, stored_bytes, held }) => ({
      id,
      version,
      finished_at,
      stored_bytes,
      held,
    })),
    examined,
    next: isFull || examined >= walk.examinedMax ? last : null,
  };
}

/** The smallest id that can have been created at a given time. */
function idAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/**
 * The jobs are read first: anything that is added after a job's row was read either raises its
 * version, which `commit` compares, or adds to its late results, which `commit` counts.
 */
async function readRecords(database: Database, ids: readonly string[]): Promise<ArchiveRecord[]> {
  const read = async <Row>(name: string, ...more: readonly unknown[]): Promise<Row[]> =>
    (await database.query<Row>(statement(name), [ids, ...more])).rows;
  const jobs = await read<JobRow>("archive_jobs");
  const transitions = byJob(await read<TransitionRecord>("archive_transitions"));
  const late = byJob(await read<LateRow>("archive_late_results"));
  const logs = byJob(await read<LogRow>("archive_logs", LOG_LINES_MAX, LOG_BYTES_MAX));
  return jobs.map(({ traceparent, ...job }) => {
    const lines = logs.get(job.id) ?? [];
    return {
      schema: "lockstep.archived-job/1",
      job: job as Omit<Job, "source" | "as_of">,
      traceparent,
      transitions: transitions.get(job.id) ?? [],
      late_results: (late.get(job.id) ?? []).map(({ job_id: _id, ...result }) => result),
      logs: lines.map(({ job_id: _id, found: _found, ...line }) => line),
      logs_cut: lines.length < (lines[0]?.found ?? 0),
    };
  });
}

function byJob<Row extends { readonly job_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const jobs = new Map<string, Row[]>();
  for (const row of rows) {
    const known = jobs.get(row.job_id);
    if (known) known.push(row);
    else jobs.set(row.job_id, [row]);
  }
  return jobs;
}

function fileParameter({ name, store, jobs, bytes, sha256 }: ArchiveFile) {
  return { n: name, s: store, j: jobs, b: bytes, h: sha256 };
}

function entryParameter({ id, version, lateResults, place }: ArchiveEntry) {
  return {
    i: id,
    v: version,
    r: lateResults,
    f: place.file,
    o: place.offset,
    b: place.bytes,
    l: place.line,
  };
}
