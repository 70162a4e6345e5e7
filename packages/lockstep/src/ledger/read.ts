import type { Database } from "../database/index.js";
import type { Job, JobError, JobStatus, TransitionRecord } from "../job/index.js";
import { isId, isTerminal } from "../job/index.js";
import { coalesce } from "../timing/index.js";
import type { ArchivedJobs } from "./archived-jobs.js";
import type { AttemptRecord, LateResult, LogLine } from "./read-models.js";
import { statement } from "./statements.js";

const IDS_PER_QUERY_MAX = 500;
/**
 * Concurrent queries for reads by id. With more of them each query gets smaller, and one query
 * costs more than twenty of its rows.
 */
const QUERIES_MAX = 2;
const LOG_LINES_MAX = 1_000;

/** Reads whole jobs. */
export function createJobReader(
  database: Database,
  archived: ArchivedJobs,
): (id: string) => Promise<Job | null> {
  return createReader<Job>(database, archived, "get_jobs", (job) => job);
}

/** Reads the fields that describe the status of jobs. */
export function createStatusReader(
  database: Database,
  archived: ArchivedJobs,
): (id: string) => Promise<JobStatus | null> {
  return createReader<JobStatus>(database, archived, "get_statuses", (job) => job);
}

/**
 * Reads by primary key, many ids per query. Ids not found in `jobs` are looked up in the archive
 * afterwards: a job moves there in one commit, so one of the two reads finds it.
 * @param name of the statement that reads the rows
 * @param ofJob converts a row of an archived job
 */
function createReader<Row extends { readonly id: string }>(
  database: Database,
  archived: ArchivedJobs,
  name: string,
  ofJob: (job: Job) => Row,
): (id: string) => Promise<Row | null> {
  const findArchived = async (ids: readonly string[]): Promise<Map<string, Promise<Row>>> => {
    const rows = await archived.rows(ids);
    return new Map(rows.map((row) => [row.id, archived.toJob(row).then(ofJob)]));
  };
  const read = coalesce<string, Row | null>({
    run: async (asked) => {
      const ids = [...new Set(asked)];
      const { rows } = await database.query<Row>(statement(name), [ids]);
      const found = new Map<string, Row>(rows.map((row) => [row.id, row]));
      if (found.size === ids.length) return asked.map((id) => found.get(id) ?? null);
      // A caller whose row was found does not wait for the look-up in the archive.
      const missing = findArchived(ids.filter((id) => !found.has(id)));
      return asked.map((id) => found.get(id) ?? missing.then((jobs) => jobs.get(id) ?? null));
    },
    batchSizeMax: IDS_PER_QUERY_MAX,
    batchesMax: QUERIES_MAX,
  });
  return (id) => (isId(id) ? read(id.toLowerCase()) : Promise.resolve(null));
}

/**
 * A job's committed history, oldest first.
 * @throws ARCHIVED when it is in a file that cannot be read here
 */
export async function readTransitions(
  database: Database,
  archived: ArchivedJobs,
  id: string,
): Promise<readonly TransitionRecord[]> {
  if (!isId(id)) return [];
  const { rows } = await database.query<TransitionRecord>(statement("get_transitions"), [id]);
  return rows.length > 0 ? rows : ((await archived.record(id))?.transitions ?? []);
}

/** The attempts of a job and how each ended, derived from its history. */
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
      return isTerminal(status) ? status : null;
  }
}

function errorOf({ detail, reason }: TransitionRecord): JobError | null {
  return reason === "succeeded" || reason === "late_result" ? null : (detail as unknown as JobError | null);
}

/**
 * Finished results of attempts that had been taken away.
 * @throws ARCHIVED when they are in a file that cannot be read here
 */
export async function readLateResults(
  database: Database,
  archived: ArchivedJobs,
  id: string,
): Promise<LateResult[]> {
  if (!isId(id)) return [];
  const { rows } = await database.query<LateResult>(statement("get_late_results"), [id]);
  // A late result that came after its job was archived is still a row.
  return [...((await archived.record(id))?.late_results ?? []), ...rows];
}

/**
 * A job's log lines after a sequence number, oldest first.
 * @throws ARCHIVED when they are in a file that cannot be read here
 */
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
