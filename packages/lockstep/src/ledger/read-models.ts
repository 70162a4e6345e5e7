import type { ATTEMPT_OUTCOMES, JobError, Json, LogLevel, Status } from "../job/index.js";

/** One attempt of a job on a worker, derived from the job's transitions. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly worker_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  /** null while it runs. */
  readonly outcome: (typeof ATTEMPT_OUTCOMES)[number] | null;
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

export interface StatusExplanation {
  readonly job_id: string;
  readonly status: Status;
  readonly version: number;
  /** One sentence. */
  readonly summary: string;
  /** The facts behind the sentence, each with its name and value. */
  readonly evidence: readonly { readonly name: string; readonly value: Json }[];
  readonly as_of: string;
}

export interface QueueStats {
  readonly queue: string;
  readonly paused_at: string | null;
  /** Counts are exact up to 10,000; `capped` says when a count stopped there. */
  readonly pending: number;
  readonly delayed: number;
  readonly running: number;
  readonly capped: boolean;
  /** When the oldest claimable job became claimable. */
  readonly oldest_ready_at: string | null;
  /** Live workers that take jobs from this queue. */
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

/** Jobs that ended in one minute: seconds at the 50th, 95th and 99th percentile. */
export interface LatencyMinute {
  readonly minute: string;
  readonly n: number;
  readonly wait: readonly number[];
  readonly run: readonly number[];
}

export interface Stats {
  /** Count per status; 10,000 means "10,000 or more" when `capped` names the status. */
  readonly counts: Readonly<Record<Status, number>>;
  readonly capped: readonly Status[];
  readonly delayed: number;
  readonly oldest_ready_at: string | null;
  readonly workers_live: number;
  /**
   * Jobs that ended in each of the last 60 minutes, oldest first, as far back as the newest 50,000
   * transitions reach.
   */
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

/** How many workers sent a heartbeat lately. */
export interface LiveWorkers {
  readonly total: number;
  /** Of those that take more jobs, by the kinds that they offer. */
  readonly byKind: ReadonlyMap<string, number>;
}
