import type { Database } from "../database/index.js";
import type { JobError, Json, Progress, Reason, Status } from "../job/index.js";
import { isId } from "../job/index.js";
import type { ArchivedJobs } from "./archived-jobs.js";
import { heldByLimit, type LimitFacts } from "./explain-limits.js";
import type { StatusExplanation } from "./read-models.js";
import { statement } from "./statements.js";

/** What the database knows about why a job has its status; `explain_facts.sql` reads it. */
export interface Facts {
  readonly id: string;
  readonly kind: string;
  readonly queue: string;
  readonly status: Status;
  readonly version: number;
  readonly attempt: number;
  readonly failures: number;
  readonly max_attempts: number;
  readonly priority: number;
  readonly error: JobError | null;
  readonly worker_id: string | null;
  readonly worker_name: string | null;
  readonly reason: Reason;
  readonly actor: string;
  readonly progress: Progress | null;
  readonly run_at: string;
  readonly ready_at: string | null;
  readonly deadline_at: string | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly cancel_requested_at: string | null;
  readonly as_of: string;
  readonly due_in_seconds: number;
  readonly running_seconds: number | null;
  readonly paused_at: string | null;
  readonly workers_fit: number;
  readonly last_fit_at: string | null;
  /** Live workers that take the kind from any queue. */
  readonly workers_of_kind: number;
  /** null: the kind is not recorded. */
  readonly kind_recorded_at: string | null;
  readonly kind_queue: string | null;
  readonly ahead: number;
  readonly heartbeat_age_seconds: number | null;
  readonly late_results: number;
  readonly limit_key: string | null;
  readonly queue_limit: LimitFacts | null;
  readonly key_limit: LimitFacts | null;
}

const AHEAD_MAX = 1_000;

/**
 * Why a job has its status: one sentence and the facts behind it.
 * @returns null when there is no such job
 */
export async function explainJob(
  database: Database,
  id: string,
  leaseSeconds: number,
  archived: ArchivedJobs,
): Promise<StatusExplanation | null> {
  if (!isId(id)) return null;
  const { rows } = await database.query<Facts>(statement("explain_facts"), [id, leaseSeconds]);
  return rows[0] ? explain(rows[0], leaseSeconds) : await archived.explain(id);
}

/** Turns the facts into one sentence. */
export function explain(facts: Facts, leaseSeconds: number): StatusExplanation {
  const { id, status, version, as_of } = facts;
  return {
    job_id: id,
    status,
    version,
    summary: sentence(facts, leaseSeconds),
    evidence: evidence(facts),
    as_of,
  };
}

function sentence(facts: Facts, leaseSeconds: number): string {
  switch (facts.status) {
    case "pending":
      return facts.ready_at === null ? waitingForTime(facts) : waitingForWorker(facts);
    case "running":
      return running(facts, leaseSeconds);
    case "completed":
      return facts.reason === "late_result"
        ? `Completed at ${facts.finished_at}: attempt ${facts.attempt} was considered lost, but its result arrived before another attempt began.`
        : `Completed at ${facts.finished_at} by attempt ${facts.attempt}.`;
    case "cancelled":
      return `Cancelled at ${facts.finished_at} by ${facts.actor}.`;
    case "failed":
      return `Failed at ${facts.finished_at} after ${facts.failures} failed ${plural(facts.failures, "attempt")} of ${facts.max_attempts}: ${lastError(facts)}.`;
  }
}

function waitingForTime(facts: Facts): string {
  const due = facts.due_in_seconds > 0 ? `in ${facts.due_in_seconds} s` : "now";
  if (facts.failures === 0) return `Waiting for its scheduled time: it runs ${due} (${facts.run_at}).`;
  return `Attempt ${facts.attempt + 1} begins ${due}: ${facts.failures} of ${facts.max_attempts} allowed attempts failed, the last with ${lastError(facts)}.`;
}

function waitingForWorker(facts: Facts): string {
  const after = facts.failures > 0 ? ` (attempt ${facts.attempt} failed with ${lastError(facts)})` : "";
  if (facts.paused_at !== null)
    return `Waiting because queue ${facts.queue} has been paused since ${facts.paused_at}${after}.`;
  if (facts.workers_fit === 0)
    return `Waiting because no live worker takes kind ${facts.kind} from queue ${facts.queue}${aboutKind(facts)}${after}.`;
  const held = heldByLimit(facts);
  if (held !== null) return `Waiting because ${held}${after}.`;
  const ahead = facts.ahead >= AHEAD_MAX ? `${AHEAD_MAX} or more` : String(facts.ahead);
  return `Waiting for a free slot: ${facts.workers_fit} live ${plural(facts.workers_fit, "worker")} can take it, ${ahead} ${plural(facts.ahead, "job")} of queue ${facts.queue} ahead of it${after}.`;
}

/**
 * What is known about workers of the kind. The row of a worker is deleted some time after it ended,
 * so a worker that is not known may have existed.
 */
function aboutKind({ queue, last_fit_at, workers_of_kind, kind_recorded_at, kind_queue }: Facts): string {
  const elsewhere =
    workers_of_kind === 0
      ? ""
      : `; ${workers_of_kind} live ${plural(workers_of_kind, "worker")} ${workers_of_kind === 1 ? "takes" : "take"} it from other queues`;
  const own = kind_queue === null || kind_queue === queue ? "" : `; the kind's own queue is ${kind_queue}`;
  if (last_fit_at !== null) return `; one that does was last seen at ${last_fit_at}${elsewhere}${own}`;
  if (kind_recorded_at === null) return `; the kind is not recorded${elsewhere}`;
  return `; the kind was recorded at ${kind_recorded_at}, and when a worker last took it is not known${elsewhere}${own}`;
}

function running(facts: Facts, leaseSeconds: number): string {
  const who = `worker ${facts.worker_name ?? facts.worker_id}`;
  const since = `for ${facts.running_seconds} s`;
  if (facts.cancel_requested_at !== null)
    return `Cancelling: requested at ${facts.cancel_requested_at}, waiting for ${who} to stop attempt ${facts.attempt}.`;
  const silence = facts.heartbeat_age_seconds;
  if (silence === null)
    return `Attempt ${facts.attempt} ran on a worker that is gone; the sweeper will take the job back.`;
  if (silence > leaseSeconds)
    return `Attempt ${facts.attempt} runs on ${who}, which has been silent for ${silence} s; the sweeper will take the job back.`;
  return `Attempt ${facts.attempt} runs on ${who} ${since}.`;
}

function evidence(facts: Facts): { name: string; value: Json }[] {
  const all: Record<string, Json> = {
    attempt: facts.attempt,
    failures: facts.failures,
    max_attempts: facts.max_attempts,
    last_transition: `${facts.reason} by ${facts.actor}`,
    last_error: facts.error as unknown as Json,
    run_at: facts.run_at,
    ready_at: facts.ready_at,
    queue_paused_at: facts.paused_at,
    live_workers_that_fit: facts.workers_fit,
    last_fitting_worker_seen_at: facts.last_fit_at,
    kind_recorded_at: facts.kind_recorded_at,
    kind_queue: facts.kind_queue,
    jobs_ahead: facts.ahead,
    limit_key: facts.limit_key,
    queue_limit: facts.queue_limit as unknown as Json,
    key_limit: facts.key_limit as unknown as Json,
    worker_id: facts.worker_id,
    heartbeat_age_seconds: facts.heartbeat_age_seconds,
    deadline_at: facts.deadline_at,
    cancel_requested_at: facts.cancel_requested_at,
    progress: facts.progress as unknown as Json,
    late_results: facts.late_results,
  };
  return RELEVANT[facts.status].map((name) => ({ name, value: all[name] ?? null }));
}

const ALWAYS = ["attempt", "failures", "max_attempts", "last_transition", "last_error"];
const RELEVANT: Record<Status, string[]> = {
  pending: [
    ...ALWAYS,
    "run_at",
    "ready_at",
    "queue_paused_at",
    "live_workers_that_fit",
    "last_fitting_worker_seen_at",
    "kind_recorded_at",
    "kind_queue",
    "jobs_ahead",
    "limit_key",
    "queue_limit",
    "key_limit",
    "late_results",
  ],
  running: [
    ...ALWAYS,
    "worker_id",
    "heartbeat_age_seconds",
    "deadline_at",
    "cancel_requested_at",
    "progress",
  ],
  completed: [...ALWAYS, "worker_id", "late_results"],
  failed: [...ALWAYS, "worker_id", "late_results"],
  cancelled: [...ALWAYS, "cancel_requested_at", "late_results"],
};

function lastError(facts: Facts): string {
  return facts.error === null ? "an unknown error" : JSON.stringify(facts.error.message.slice(0, 200));
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}
