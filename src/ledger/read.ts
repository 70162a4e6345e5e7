import type { Database } from "../database/index.js";
import type { Job, JobError, TransitionRecord } from "../job/index.js";
import { isId } from "../job/index.js";
import type { AttemptRecord, LateResult, LogLine } from "./answers.js";
import { statement } from "./statements.js";

const IDS_PER_QUERY_MAX = 500;
const LOG_LINES_MAX = 1_000;

interface WaitingRead {
  readonly id: string;
  readonly resolve: (job: Job | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads by primary key. The reads of one tick become one query, and it starts after each of them was asked for,
 * so no answer is older than its question.
 */
export function createJobReader(database: Database): (id: string) => Promise<Job | null> {
  let waiting: WaitingRead[] = [];

  const flush = async (batch: readonly WaitingRead[]): Promise<void> => {
    try {
      const ids = [...new Set(batch.map((read) => read.id))];
      const { rows } = await database.query<Job>(statement("get_jobs"), [ids]);
      const jobs = new Map(rows.map((row) => [row.id, row]));
      for (const read of batch) read.resolve(jobs.get(read.id) ?? null);
    } catch (error) {
      for (const read of batch) read.reject(error);
    }
  };
  const dispatch = (): void => {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += IDS_PER_QUERY_MAX)
      void flush(all.slice(start, start + IDS_PER_QUERY_MAX));
  };
  return (id) => {
    if (!isId(id)) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      waiting.push({ id: id.toLowerCase(), resolve, reject });
      if (waiting.length === 1) setImmediate(dispatch);
    });
  };
}

/** A job's committed history, oldest first. */
export async function readTransitions(database: Database, id: string): Promise<TransitionRecord[]> {
  if (!isId(id)) return [];
  return (await database.query<TransitionRecord>(statement("get_transitions"), [id])).rows;
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

/** Finished results of attempts that had been taken away. */
export async function readLateResults(database: Database, id: string): Promise<LateResult[]> {
  if (!isId(id)) return [];
  return (await database.query<LateResult>(statement("get_late_results"), [id])).rows;
}

/** A job's log lines after a sequence number, oldest first. */
export async function readLogs(
  database: Database,
  id: string,
  options: { readonly after?: number; readonly limit?: number },
): Promise<LogLine[]> {
  if (!isId(id)) return [];
  const limit = Math.min(LOG_LINES_MAX, Math.max(1, options.limit ?? 200));
  return (await database.query<LogLine>(statement("get_logs"), [id, options.after ?? 0, limit])).rows;
}
