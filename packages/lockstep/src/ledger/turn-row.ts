import type { JobError, Json, Status } from "../job/index.js";
import type { ClaimedJob } from "./worker-ledger.js";

/** A row of `turn.sql`, `claim_job.sql` or `claim_limited.sql`. */
export interface TurnRow {
  readonly op: "settled" | "claimed" | "limited";
  readonly id: string;
  readonly attempt: number;
  readonly worker_id: string;
  readonly version: number;
  readonly status: Status;
  readonly queue: string;
  readonly priority: number;
  readonly ready_at: string | null;
  readonly kind: string;
  readonly failures: number;
  readonly max_attempts: number;
  readonly input: Json;
  readonly error: JobError | null;
  readonly tags: readonly string[];
  readonly timeout_ms: number | null;
  readonly unique_key: string | null;
  readonly run_at: string;
  readonly deadline_at: string | null;
  readonly created_at: string;
  readonly started_at: string;
  readonly traceparent: string | null;
  /** Whether the queue has limits. */
  readonly limited: boolean;
}

/** A granted job, built from the row that granted it. */
export function claimedJob(row: TurnRow): ClaimedJob {
  // Written out: an object rest over such a wide row cost more than all other work of the turn loop
  // together.
  return {
    id: row.id,
    kind: row.kind,
    queue: row.queue,
    status: row.status,
    version: row.version,
    attempt: row.attempt,
    failures: row.failures,
    max_attempts: row.max_attempts,
    priority: row.priority,
    progress: null,
    input: row.input,
    output: null,
    error: row.error,
    worker_id: row.worker_id,
    tags: row.tags,
    timeout_ms: row.timeout_ms,
    unique_key: row.unique_key,
    run_at: row.run_at,
    deadline_at: row.deadline_at,
    created_at: row.created_at,
    started_at: row.started_at,
    finished_at: null,
    cancel_requested_at: null,
    actor: `worker:${row.worker_id}`,
    reason: "claimed",
    source: "ledger",
    as_of: row.started_at,
    traceparent: row.traceparent,
  };
}
