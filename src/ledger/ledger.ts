import type {
  Job,
  JobError,
  JobSummary,
  Json,
  LogLevel,
  Progress,
  SqlTransaction,
  Status,
  TerminalStatus,
  TransitionRecord,
} from "../job/index.js";

/** What a caller asks for. Everything but `kind` and `input` has a default. */
export interface SubmitRequest {
  readonly kind: string;
  /** Anything JSON can hold, at most 1 MiB and 100 levels deep. */
  readonly input: unknown;
  readonly queue?: string;
  /** -32768 to 32767, smaller runs first. Default 0. */
  readonly priority?: number;
  /** RFC 3339. Default: now. */
  readonly run_at?: string;
  readonly max_attempts?: number;
  readonly timeout_ms?: number;
  /** At most one pending or running job of a kind has a given unique key. */
  readonly unique_key?: string;
  /** The same key and request always give the same job, for as long as the job is kept. */
  readonly idempotency_key?: string;
  readonly tags?: readonly string[];
  /** W3C trace context, handed to the handler. */
  readonly traceparent?: string;
}

export interface SubmitOptions {
  /** The caller's own transaction: the job exists when, and only when, it commits. */
  readonly tx?: SqlTransaction;
  readonly actor?: string;
}

export interface Submitted {
  readonly job: Job;
  /** The job existed already: `idempotency_key` or `unique_key` says by which key it was found. */
  readonly deduplicated: null | "idempotency_key" | "unique_key";
}

export interface ChangeOptions {
  readonly actor: string;
  /** The version the caller saw; another one is VERSION_MISMATCH. */
  readonly expectedVersion?: number;
}

export interface JobFilter {
  readonly status?: readonly Status[];
  readonly kind?: string;
  readonly queue?: string;
  readonly tag?: string;
  /** Matches an id, or a substring of the kind, queue or unique key, without regard to case. */
  readonly q?: string;
  readonly created_after?: string;
  readonly created_before?: string;
  /** 1 to 1000, default 100. */
  readonly limit?: number;
  /** From the previous page's `next`. */
  readonly cursor?: string;
}

export interface JobPage {
  readonly jobs: readonly JobSummary[];
  readonly next: string | null;
  readonly as_of: string;
}

/** One grant of a job to a worker, put together from the job's transitions. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly worker_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  /** null while it runs. */
  readonly outcome: TerminalStatus | "retried" | "released" | "lost" | "timeout" | null;
  readonly error: JobError | null;
}

export interface LateResult {
  readonly attempt: number;
  readonly worker_id: string;
  readonly outcome: Json;
  readonly received_at: string;
}

export interface LogLine {
  /** Grows within a job; pass the last one back as `after`. */
  readonly seq: number;
  readonly attempt: number;
  readonly at: string;
  readonly level: LogLevel;
  readonly message: string;
}

export interface Explanation {
  readonly job_id: string;
  readonly status: Status;
  readonly version: number;
  /** One sentence. */
  readonly summary: string;
  /** The facts it rests on, each with its name and value. */
  readonly evidence: readonly { readonly name: string; readonly value: Json }[];
  readonly as_of: string;
}

export interface QueueStats {
  readonly queue: string;
  readonly paused_at: string | null;
  /** Counts are exact to 10,000; `capped` says when one was cut there. */
  readonly pending: number;
  readonly delayed: number;
  readonly running: number;
  readonly capped: boolean;
  /** When the oldest claimable job became claimable. */
  readonly oldest_ready_at: string | null;
  /** Live workers that take this queue. */
  readonly workers: number;
}

export interface WorkerInfo {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  /** Empty means all. */
  readonly queues: readonly string[];
  readonly kinds: readonly string[];
  readonly concurrency: number;
  readonly started_at: string;
  readonly heartbeat_at: string;
  readonly heartbeat_age_seconds: number;
  readonly draining: boolean;
  readonly running: number;
  /** Whether the heartbeat is younger than the lease. */
  readonly live: boolean;
}

export interface Stats {
  /** Per status; 10,000 stands for "10,000 or more" when `capped` names the status. */
  readonly counts: Readonly<Record<Status, number>>;
  readonly capped: readonly Status[];
  readonly delayed: number;
  readonly oldest_ready_at: string | null;
  readonly workers_live: number;
  /** Transitions to each terminal status in each of the last 60 minutes, oldest first. */
  readonly throughput: readonly {
    readonly minute: string;
    readonly completed: number;
    readonly failed: number;
    readonly cancelled: number;
  }[];
  readonly latest_failures: readonly {
    readonly message: string;
    readonly kind: string;
    readonly count: number;
    readonly last_job_id: string;
    readonly last_at: string;
  }[];
  readonly as_of: string;
}

/** Where a worker's forward scan of one queue stands. */
export interface Cursor {
  readonly priority: number;
  readonly ready_at: string;
  readonly id: string;
}

export interface WorkerRegistration {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly queues: readonly string[];
  readonly kinds: readonly string[];
  readonly concurrency: number;
  /** It lives in the process that owns the embedded database, and dies with it. */
  readonly embedded: boolean;
}

/** How an attempt ended. `output` is canonical JSON text. */
export type Outcome =
  | { readonly type: "completed"; readonly output: string }
  | {
      readonly type: "failed";
      readonly error: AttemptError;
      readonly retry_in_ms: number | null;
      readonly reason: "error" | "timeout";
    }
  | { readonly type: "released" }
  | { readonly type: "cancelled"; readonly error: AttemptError | null };

/** The attempt number and the time are added by the ledger. */
export interface AttemptError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly stack: string | null;
}

export interface Settlement {
  readonly job_id: string;
  readonly attempt: number;
  readonly worker_id: string;
  readonly outcome: Outcome;
}

/**
 * What became of a settlement. `accepted`: this call recorded it. `already`: an earlier call of the same
 * attempt did. `late`: fenced, but the finished result is kept beside the job. `fenced`: refused.
 * `unstorable`: PostgreSQL refused the output, and the job was failed with RESULT_UNSTORABLE.
 */
export interface SettleReceipt {
  readonly job_id: string;
  readonly attempt: number;
  readonly result: "accepted" | "already" | "late" | "fenced" | "unstorable";
  readonly status: Status | null;
  readonly version: number | null;
}

export interface ClaimRequest {
  readonly worker_id: string;
  readonly queue: string;
  readonly kinds: readonly string[];
  /** Claims no more than this. 0 claims nothing. */
  readonly limit: number;
  /** null scans from the start. */
  readonly after: Cursor | null;
}

export interface TurnResult {
  readonly receipts: readonly SettleReceipt[];
  readonly claimed: readonly ClaimedJob[];
  /** The last position claimed; null when nothing was. */
  readonly cursor: Cursor | null;
}

/** A job as the worker that just claimed it sees it. */
export type ClaimedJob = Job & { readonly traceparent: string | null };

export interface HeldAttempt {
  readonly job_id: string;
  readonly attempt: number;
}

/** What a worker must know of a job it runs: that it is to stop, and why. */
export interface Recall {
  readonly job_id: string;
  readonly attempt: number;
  readonly why: "cancel_requested" | "fenced";
}

export interface ProgressWrite extends HeldAttempt {
  readonly progress: Omit<Progress, "at"> | null;
  readonly logs: readonly { readonly level: LogLevel; readonly message: string; readonly at: string }[];
}

/** The worker's side of the protocol. Every write is fenced by (job, attempt, worker). */
export interface WorkerLedger {
  register(worker: WorkerRegistration): Promise<void>;
  /** @returns false when the worker's row is gone: it must register anew and treat its jobs as lost */
  heartbeat(workerId: string): Promise<boolean>;
  setDraining(workerId: string): Promise<void>;
  deregister(workerId: string): Promise<void>;
  /** Settles what finished and claims into the freed slots: one statement, one commit. */
  turn(settlements: readonly Settlement[], claim: ClaimRequest | null): Promise<TurnResult>;
  /** Which of the held attempts must stop. */
  recalls(workerId: string, held: readonly HeldAttempt[]): Promise<readonly Recall[]>;
  /**
   * Every job that is running in this worker's name: what a turn claimed whose answer was lost on the way.
   * Asked after a failed turn and rarely otherwise, so it may read all running jobs.
   */
  heldBy(workerId: string): Promise<readonly ClaimedJob[]>;
  /** Progress and log lines of many jobs in one statement. @returns the jobs whose write was refused */
  report(workerId: string, writes: readonly ProgressWrite[]): Promise<readonly HeldAttempt[]>;
  /** The handler's own SQL and its completion in one transaction (`ctx.commit`). @throws FencedError */
  commitWith<T>(
    attempt: { job_id: string; attempt: number; worker_id: string },
    write: (tx: SqlTransaction) => Promise<{ output: string; value: T }>,
  ): Promise<T>;
  /** Names of all queues that ever held a job. */
  queueNames(): Promise<readonly string[]>;
}

/** A committed transition, as the feed delivers it. */
export interface FeedEvent extends TransitionRecord {
  readonly kind: string;
  readonly queue: string;
}

/** An opaque position in the feed: everything committed before it is not delivered again after it. */
export type FeedPosition = string;

export interface FeedBatch {
  readonly events: readonly FeedEvent[];
  /** Continue from here. */
  readonly position: FeedPosition;
  /** Whether more was committed than fitted. */
  readonly more: boolean;
}

export interface Feed {
  /** The position now: a reader that starts here sees everything committed afterwards. */
  now(): Promise<FeedPosition>;
  /** @returns null when the position is not one of this ledger's, or is too old: the reader must start anew */
  read(position: FeedPosition, limit: number): Promise<FeedBatch | null>;
}

/** A hint that there may be work or news. It carries no truth. */
export interface ReadyHint {
  readonly queue: string;
  readonly priority: number;
  /** null when unknown: scan from the start. */
  readonly ready_at: string | null;
}

export interface Hints {
  onReady(listener: (hint: ReadyHint) => void): () => void;
  /** Something was committed. */
  onChange(listener: () => void): () => void;
  /** A cancellation was requested for a running job. */
  onRecall(listener: (jobId: string) => void): () => void;
}

/** The one record of every job, and the only code that changes it. */
export interface Ledger extends WorkerLedger {
  readonly feed: Feed;
  readonly hints: Hints;
  submit(request: SubmitRequest, options?: SubmitOptions): Promise<Submitted>;
  /** All or none, in one transaction; at most 10,000. */
  submitMany(requests: readonly SubmitRequest[], options?: SubmitOptions): Promise<readonly Submitted[]>;
  /** Reads by primary key; the reads of one tick become one query. */
  get(id: string): Promise<Job | null>;
  /** Holds until the job is terminal or the time is up. @returns the job as it is then, null when there is none */
  wait(
    id: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Job | null>;
  list(filter: JobFilter): Promise<JobPage>;
  transitions(id: string): Promise<readonly TransitionRecord[]>;
  attempts(id: string): Promise<readonly AttemptRecord[]>;
  lateResults(id: string): Promise<readonly LateResult[]>;
  logs(
    id: string,
    options: { readonly after?: number; readonly limit?: number },
  ): Promise<readonly LogLine[]>;
  explain(id: string): Promise<Explanation | null>;
  /** @throws JOB_NOT_FOUND, ALREADY_FINISHED, VERSION_MISMATCH */
  cancel(id: string, options: ChangeOptions): Promise<Job>;
  /** Starts a new run of a terminal job. @throws JOB_NOT_FOUND, NOT_FINISHED, VERSION_MISMATCH, UNIQUE_KEY_TAKEN */
  requeue(id: string, options: ChangeOptions): Promise<Job>;
  stats(): Promise<Stats>;
  queues(): Promise<readonly QueueStats[]>;
  /** @throws QUEUE_NOT_FOUND */
  setPaused(queue: string, paused: boolean): Promise<QueueStats>;
  workers(): Promise<readonly WorkerInfo[]>;
  /** A round trip to the database: milliseconds. @throws DatabaseUnavailableError */
  ping(): Promise<number>;
  close(): Promise<void>;
}
