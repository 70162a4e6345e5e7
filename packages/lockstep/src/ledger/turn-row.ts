import type { Job, JobError, Json, Status } from "../job/index.js";
import type { ClaimedJob } from "./worker-ledger.js";

/** A job that `turn.sql` granted: what differs from job to job, in the order of the columns. */
export type GrantedRow = readonly [
  op: null,
  id: string,
  attempt: number,
  version: number,
  priority: number,
  /** The time at which it became ready: its place in the queue before this claim. */
  ready_at: string,
  kind: string,
  /** null: 0. */
  failures: number | null,
  /** null: 0. */
  losses: number | null,
  max_attempts: number,
  input: Json,
  error: JobError | null,
  /** null: none. */
  tags: readonly string[] | null,
  timeout_ms: number | null,
  unique_key: string | null,
  limit_key: string | null,
  batch_id: string | null,
  /** null: created_at. */
  run_at: string | null,
  deadline_at: string | null,
  created_at: string,
  started_at: string,
  traceparent: string | null,
  details: null,
];

/** A row of `turn.sql` that is no granted job. */
type OtherRow = readonly [
  op: "changed" | "settled" | "limited",
  id: string,
  attempt: number,
  version: number,
  priority: number,
  ready_at: string | null,
  ...rest: unknown[],
];

export type TurnRow = GrantedRow | OtherRow;

/** A settlement that did not complete its job and was accepted. */
export interface ChangedRow {
  readonly id: string;
  readonly attempt: number;
  readonly worker_id: string;
  readonly version: number;
  readonly status: Status;
  readonly queue: string;
  readonly priority: number;
  readonly ready_at: string | null;
  /** Whether the queue has limits. */
  readonly limited: boolean;
}

/** What happened to the completed attempts of a turn. */
export interface SettledRow {
  /** The jobs whose completion was accepted; null: all. */
  readonly ids: readonly string[] | null;
  /** Queues with limits in which a slot became free; null: none. */
  readonly queues: readonly string[] | null;
}

/** The rows of a turn by what they say. */
export interface TurnRows {
  readonly granted: readonly GrantedRow[];
  readonly changed: readonly ChangedRow[];
  readonly settled: SettledRow | null;
  readonly limited: boolean;
}

/** As many as turn.sql selects. */
const COLUMNS = 23;

/** @throws Error for a row of another form */
export function sortRows(rows: readonly TurnRow[]): TurnRows {
  const granted: GrantedRow[] = [];
  const changed: ChangedRow[] = [];
  let settled: SettledRow | null = null;
  let limited = false;
  for (const row of rows) {
    // A job whose row was not understood would be claimed and run nowhere.
    if (row.length !== COLUMNS) throw new Error("a row of the turn is not the array that it must be");
    if (row[0] === null) granted.push(row);
    else if (row[0] === "changed") changed.push(changedRow(row));
    else if (row[0] === "settled") settled = row.at(-1) as SettledRow;
    else limited = true;
  }
  return { granted, changed, settled, limited };
}

function changedRow(row: OtherRow): ChangedRow {
  const [, id, attempt, version, priority, ready_at] = row;
  const details = row.at(-1) as Pick<ChangedRow, "worker_id" | "status" | "queue" | "limited">;
  return { id, attempt, version, priority, ready_at, ...details };
}

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
  readonly actor: string;
  readonly claim_token: string;
}

/** A granted job, built from the row that granted it. */
export function claimedJob(row: GrantedRow, claim: Claim): ClaimedJob {
  // Written out, because it runs for every job: an object rest over such a wide row cost more than
  // all other work of the turn loop together.
  return {
    id: row[1],
    kind: row[6],
    queue: claim.queue,
    status: "running",
    version: row[3],
    attempt: row[2],
    failures: row[7] ?? 0,
    losses: row[8] ?? 0,
    max_attempts: row[9],
    priority: row[4],
    progress: null,
    input: row[10],
    output: null,
    error: row[11],
    worker_id: claim.worker_id,
    claim_token: claim.claim_token,
    tags: row[12] ?? [],
    timeout_ms: row[13],
    unique_key: row[14],
    limit_key: row[15],
    batch_id: row[16],
    run_at: row[17] ?? row[19],
    deadline_at: row[18],
    created_at: row[19],
    started_at: row[20],
    finished_at: null,
    cancel_requested_at: null,
    actor: claim.actor,
    reason: "claimed",
    source: "ledger",
    as_of: row[20],
    traceparent: row[21],
  };
}

/** A granted job, built from its whole row. */
export function claimedFromRow(row: ClaimedRow): ClaimedJob {
  return { ...row, source: "ledger", as_of: row.started_at };
}
