import type { Job, JobError, Json, Status } from "../job/index.js";
import type { ClaimedJob } from "./worker-ledger.js";

/** A job that `turn.sql` granted: what differs from job to job. */
export interface GrantedRow {
  readonly op: "claimed";
  readonly id: string;
  readonly attempt: number;
  readonly version: number;
  readonly priority: number;
  /** The time at which it became ready: its place in the queue before this claim. */
  readonly ready_at: string;
  readonly kind: string;
  readonly failures: number;
  readonly losses: number;
  readonly max_attempts: number;
  readonly input: Json;
  readonly error: JobError | null;
  readonly tags: readonly string[];
  readonly timeout_ms: number | null;
  readonly unique_key: string | null;
  readonly limit_key: string | null;
  readonly batch_id: string | null;
  readonly run_at: string;
  readonly deadline_at: string | null;
  readonly created_at: string;
  readonly started_at: string;
  readonly traceparent: string | null;
}

/** A settlement of `turn.sql` that did not complete its job and was accepted. */
export interface ChangedRow {
  readonly op: "changed";
  readonly id: string;
  readonly attempt: number;
  readonly worker_id: string;
  readonly version: number;
  readonly status: Status;
  readonly queue: string;
  readonly priority: number;
  readonly ready_at: string | null;
  /** The queue, when it has limits. */
  readonly queues: readonly string[] | null;
}

/** What happened to the completed attempts of a turn. */
export interface SettledRow {
  readonly op: "settled";
  /** The jobs whose completion was accepted; null: all. */
  readonly ids: readonly string[] | null;
  /** Queues with limits in which a slot became free; null: none. */
  readonly queues: readonly string[] | null;
}

/** A row of `turn.sql`. */
export type TurnRow = GrantedRow | ChangedRow | SettledRow | { readonly op: "limited" };

/** A row of `claim_job.sql` and `claim_limited.sql`: the whole job. */
export type ClaimedRow = Omit<Job, "source" | "as_of"> & {
  readonly started_at: string;
  readonly traceparent: string | null;
  readonly claim_token: string;
};

/** What all jobs of one claim have in common. */
export interface Claim {
  readonly queue: string;
  readonly worker_id: string;
  readonly claim_token: string;
}

/** A granted job, built from the row that granted it. */
export function claimedJob(row: GrantedRow, claim: Claim): ClaimedJob {
  // Written out: an object rest over such a wide row cost more than all other work of the turn loop
  // together.
  return {
    id: row.id,
    kind: row.kind,
    queue: claim.queue,
    status: "running",
    version: row.version,
    attempt: row.attempt,
    failures: row.failures,
    losses: row.losses,
    max_attempts: row.max_attempts,
    priority: row.priority,
    progress: null,
    input: row.input,
    output: null,
    error: row.error,
    worker_id: claim.worker_id,
    claim_token: claim.claim_token,
    tags: row.tags,
    timeout_ms: row.timeout_ms,
    unique_key: row.unique_key,
    limit_key: row.limit_key,
    batch_id: row.batch_id,
    run_at: row.run_at,
    deadline_at: row.deadline_at,
    created_at: row.created_at,
    started_at: row.started_at,
    finished_at: null,
    cancel_requested_at: null,
    actor: `worker:${claim.worker_id}`,
    reason: "claimed",
    source: "ledger",
    as_of: row.started_at,
    traceparent: row.traceparent,
  };
}

/** A granted job, built from its whole row. */
export function claimedFromRow(row: ClaimedRow): ClaimedJob {
  return { ...row, source: "ledger", as_of: row.started_at };
}
