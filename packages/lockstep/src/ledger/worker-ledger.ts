import type {
  AttemptOutcome,
  Job,
  LogLevel,
  Progress,
  SETTLE_RESULTS,
  SqlTransaction,
  Status,
} from "../job/index.js";

/** The position of a worker's forward scan of one queue. */
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
  /** The worker runs in the process that owns the embedded database, and ends with it. */
  readonly embedded: boolean;
  /** The API key that registers it. Default: none. */
  readonly key_id?: string | null;
}

export interface Settlement {
  readonly job_id: string;
  readonly attempt: number;
  readonly worker_id: string;
  /**
   * The token of the claim. Without it only the attempt and the worker are compared, so a claim
   * that a failover lost could be taken for its successor.
   */
  readonly claim_token?: string;
  readonly outcome: AttemptOutcome;
}

/**
 * The result of a settlement. `accepted`: this call recorded it. `already`: an earlier call of the
 * same attempt did. `late`: fenced, but the finished result is kept beside the job. `fenced`:
 * refused.
 * `unstorable`: PostgreSQL refused the output, and the job failed with RESULT_UNSTORABLE.
 */
export interface SettleReceipt {
  readonly job_id: string;
  readonly attempt: number;
  readonly result: (typeof SETTLE_RESULTS)[number];
  readonly status: Status | null;
  /** null: not known, also when a completion was plainly accepted. */
  readonly version: number | null;
}

export interface ClaimRequest {
  readonly worker_id: string;
  readonly queue: string;
  readonly kinds: readonly string[];
  /** Claims at most this many. 0 claims nothing. */
  readonly limit: number;
  /** null scans from the start. */
  readonly after: Cursor | null;
}

export interface TurnResult {
  readonly receipts: readonly SettleReceipt[];
  readonly claimed: readonly ClaimedJob[];
  /** The last position claimed; null when nothing was claimed. */
  readonly cursor: Cursor | null;
  /** Milliseconds until the queue's rate allows more. */
  readonly more_in_ms?: number;
}

/** A claim from several queues that have few jobs each. */
export interface QueuesClaimRequest {
  readonly worker_id: string;
  readonly kinds: readonly string[];
  /** In the order in which they are scanned; `after` as in ClaimRequest. */
  readonly queues: readonly { readonly name: string; readonly after: Cursor | null }[];
  /** Claims at most this many from each queue. */
  readonly perQueue: number;
  /** Claims at most this many in all. */
  readonly limit: number;
}

/** What was found in a queue. */
export type QueueClaim =
  | {
      readonly name: string;
      readonly result: "scanned";
      readonly claimed: number;
      /** There may be more. */
      readonly isFull: boolean;
      /** The last position claimed; null when nothing was claimed. */
      readonly cursor: Cursor | null;
    }
  /** It has limits, so it must be claimed from alone; or there was no slot left for it. */
  | { readonly name: string; readonly result: "limited" | "not scanned" };

export interface QueuesClaim {
  readonly claimed: readonly ClaimedJob[];
  /** In the order of the request. */
  readonly queues: readonly QueueClaim[];
}

/** A job as the worker that just claimed it sees it. */
export type ClaimedJob = Job & {
  readonly traceparent: string | null;
  /** Random, new for each claim; part of the fence. */
  readonly claim_token: string;
};

export interface HeldAttempt {
  readonly job_id: string;
  readonly attempt: number;
}

/** An attempt with the claim that granted it. */
export interface ClaimedAttempt extends HeldAttempt {
  readonly claim_token: string;
}

/** A stop request for a job that the worker runs, and its reason. */
export interface StopRequest {
  readonly job_id: string;
  readonly attempt: number;
  readonly why: "cancel_requested" | "fenced";
}

export interface ProgressWrite extends HeldAttempt {
  readonly progress: Omit<Progress, "at"> | null;
  readonly logs: readonly { readonly level: LogLevel; readonly message: string; readonly at: string }[];
}

/** The worker's side of the protocol. Every write is fenced by (job, attempt, worker, claim). */
export interface WorkerLedger {
  /** The id of this ledger, which no other ledger has. */
  identity(): Promise<string>;
  register(worker: WorkerRegistration): Promise<void>;
  /**
   * @returns the id of the API key that registered the worker, null when none did, and undefined
   *   when there is no such worker
   */
  workerKey(workerId: string): Promise<string | null | undefined>;
  /**
   * @returns false when the worker's row is gone: it must register again and treat its jobs as lost
   */
  heartbeat(workerId: string): Promise<boolean>;
  setDraining(workerId: string): Promise<void>;
  deregister(workerId: string): Promise<void>;
  /**
   * Settles finished attempts and claims jobs for the freed slots, in one statement and one commit.
   */
  turn(settlements: readonly Settlement[], claim: ClaimRequest | null): Promise<TurnResult>;
  /** Claims from many queues in one statement and one commit. Queues with limits are left out. */
  claimQueues(claim: QueuesClaimRequest): Promise<QueuesClaim>;
  /**
   * Claims one job by its id, for a queue that has its own order.
   * @returns null when it cannot be claimed: not pending, not ready yet, its queue paused, or taken
   *   by another worker
   */
  claimJob(workerId: string, jobId: string): Promise<ClaimedJob | null>;
  /** Which of the held attempts must stop. */
  stopRequests(workerId: string, held: readonly HeldAttempt[]): Promise<readonly StopRequest[]>;
  /**
   * Every job that is running in this worker's name, which shows the claims of a turn whose answer
   * was lost. Called after a failed turn and rarely otherwise, so it may read all running jobs.
   */
  heldBy(workerId: string): Promise<readonly ClaimedJob[]>;
  /**
   * Writes progress and log lines of many jobs in one statement.
   * @returns the jobs whose write was refused
   */
  report(workerId: string, writes: readonly ProgressWrite[]): Promise<readonly HeldAttempt[]>;
  /**
   * Runs the handler's own SQL and its completion in one transaction (`ctx.commit`).
   * @throws FencedError
   */
  commitWith<T>(
    attempt: Omit<Settlement, "outcome">,
    write: (tx: SqlTransaction) => Promise<{ output: string; value: T }>,
  ): Promise<T>;
  /** Names of the queues that have claimable jobs now. */
  queueNames(): Promise<readonly string[]>;
}
