import type { Database } from "../database/index.js";
import type { Job, JobError, JobStatus, TransitionRecord } from "../job/index.js";
import { isId } from "../job/index.js";
import type { AttemptRecord, LateResult, LogLine } from "./answers.js";
import type { ArchivedJobs } from "./archived-jobs.js";
import { statement } from "./statements.js";

const IDS_PER_QUERY_MAX = 500;
/** Concurrent queries for reads by id. More of them are smaller ones, and a query costs more than twenty of its rows. */
const QUERIES_MAX = 2;
const LOG_LINES_MAX = 1_000;

interface WaitingRead<Row> {
  readonly id: string;
  readonly resolve: (job: Row | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads whole jobs. */
export function createJobReader(
  database: Database,
  archived: ArchivedJobs,
): (id: string) => Promise<Job | null> {
  return createReader<Job>(database, archived, "get_jobs", (job) => job);
}

/** Reads what the status of jobs is told from. */
export function createStatusReader(
  database: Database,
  archived: ArchivedJobs,
): (id: string) => Promise<JobStatus | null> {
  return createReader<JobStatus>(database, archived, "get_statuses", (job) => job);
}

/**
 * Reads by primary key. The reads of one tick, and those that wait for a query to end, become one query, and it starts after each of
 * them was asked for, so no answer is older than its question. What is not among the jobs is looked for among the archived ones
 * afterwards: a job moves there in one commit, so one of the two looks finds it.
 * @param name of the statement that reads the rows
 * @param ofJob takes a row from an archived job
 */
function createReader<Row extends { readonly id: string }>(
  database: Database,
  archived: ArchivedJobs,
  name: string,
  ofJob: (job: Job) => Row,
): (id: string) => Promise<Row | null> {
  const waiting: WaitingRead<Row>[] = [];
  let underWay = 0;

  const answerArchived = async (reads: readonly WaitingRead<Row>[]): Promise<void> => {
    try {
      const rows = await archived.rows([...new Set(reads.map((read) => read.id))]);
      const byId = new Map(rows.map((row) => [row.id, row]));
      for (const read of reads) {
        const row = byId.get(read.id);
        if (row === undefined) read.resolve(null);
        else archived.toJob(row).then(ofJob).then(read.resolve, read.reject);
      }
    } catch (error) {
      for (const read of reads) read.reject(error);
    }
  };

  const flush = async (batch: readonly WaitingRead<Row>[]): Promise<void> => {
    try {
      const ids = [...new Set(batch.map((read) => read.id))];
      const { rows } = await database.query<Row>(statement(name), [ids]);
      const jobs = new Map(rows.map((row) => [row.id, row]));
      const missing: WaitingRead<Row>[] = [];
      for (const read of batch) {
        const job = jobs.get(read.id);
        if (job) read.resolve(job);
        else missing.push(read);
      }
      if (missing.length > 0) await answerArchived(missing);
    } catch (error) {
      for (const read of batch) read.reject(error);
    }
  };
  const dispatch = (): void => {
    while (waiting.length > 0 && underWay < QUERIES_MAX) {
      underWay += 1;
      void flush(waiting.splice(0, IDS_PER_QUERY_MAX)).finally(() => {
        underWay -= 1;
        dispatch();
      });
    }
  };
  return (id) => {
    if (!isId(id)) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      waiting.push({ id: id.toLowerCase(), resolve, reject });
      if (waiting.length === 1 && underWay < QUERIES_MAX) setImmediate(dispatch);
    });
  };
}

/** A job's committed history, oldest first. @throws ARCHIVED when it is in a file that cannot be read here */
export async function readTransitions(
  database: Database,
  archived: ArchivedJobs,
  id: string,
): Promise<readonly TransitionRecord[]> {
  if (!isId(id)) return [];
  const { rows } = await database.query<TransitionRecord>(statement("get_transitions"), [id]);
  return rows.length > 0 ? rows : ((await archived.record(id))?.transitions ?? []);
}

/** What each grant of the job came to, put together from its history. */
export function attemptsOf(transitions: readonly TransitionRecord[]): AttemptRecord[] {
  const attempts = new Map<number, AttemptRecord>();
  for (const transition of transitions) {
    if (transition.reason === "claimed") {
      attempts.set(transition.attempt, {
        attempt: transition.attempt,
        worker_id: transition.actor.replace("worker:", ""),
        started_at: transition.at,
        ended_at: null,
        outcome: null,
        error: null,
      });
      continue;
    }
    const attempt = attempts.get(transition.attempt);
    const ended = transition.from_status === "running" && transition.reason !== "cancel_requested";
    if (!attempt || !(ended || transition.reason === "late_result")) continue;
    attempts.set(transition.attempt, {
      ...attempt,
      ended_at: transition.at,
      outcome: outcomeOf(transition),
      error: errorOf(transition),
    });
  }
  return [...attempts.values()];
}

function outcomeOf({ reason, status }: TransitionRecord): AttemptRecord["outcome"] {
  switch (reason) {
    case "retry":
      return "retried";
    case "released":
    case "lost":
    case "timeout":
      return reason;
    default:
      return status === "pending" || status === "running" ? null : status;
  }
}

function errorOf({ detail, reason }: TransitionRecord): JobError | null {
  return reason === "succeeded" || reason === "late_result" ? null : (detail as unknown as JobError | null);
}

/** Finished results of attempts that had been taken away. @throws ARCHIVED when they are in a file that cannot be read here */
export async function readLateResults(
  database: Database,
  archived: ArchivedJobs,
  id: string,
): Promise<LateResult[]> {
  if (!isId(id)) return [];
  const { rows } = await database.query<LateResult>(statement("get_late_results"), [id]);
  // One that came after its job was archived is still a row.
  return [...((await archived.record(id))?.late_results ?? []), ...rows];
}

/** A job's log lines after a sequence number, oldest first. @throws ARCHIVED when they are in a file that cannot be read here */
export async function readLogs(
  database: Database,
  archived: ArchivedJobs,
  id: string,
  options: { readonly after?: number; readonly limit?: number },
): Promise<LogLine[]> {
  if (!isId(id)) return [];
  const limit = Math.min(LOG_LINES_MAX, Math.max(1, options.limit ?? 200));
  const { after = 0 } = options;
  const { rows } = await database.query<LogLine>(statement("get_logs"), [id, after, limit]);
  if (rows.length > 0) return rows;
  const lines = (await archived.record(id))?.logs ?? [];
  return lines.filter((line) => line.seq > after).slice(0, limit);
}
