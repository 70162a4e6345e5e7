import type { Job, JobFilter, JobPage, JobStatus, SqlTransaction, TransitionRecord } from "../job/index.js";
import type { ArchiveLedger } from "./archive-ledger.js";
import type { BatchLedger } from "./batch.js";
import type { DatabaseClock } from "./database-clock.js";
import type { MaintenanceLeader } from "./election.js";
import type { Feed, WakeUps } from "./feed-event.js";
import type { KindLedger } from "./kind.js";
import type { QueueLimits, SetLimit } from "./limit.js";
import type {
  AttemptRecord,
  LatencyMinute,
  LateResult,
  LiveWorkers,
  LogLine,
  QueueStats,
  Stats,
  StatusExplanation,
  WorkerInfo,
} from "./read-models.js";
import type { FileReferences } from "./references.js";
import type { ScheduleLedger } from "./schedule.js";
import type { SubmitRequest } from "./submit-request.js";
import type { WorkerLedger } from "./worker-ledger.js";

export type { SubmitRequest } from "./submit-request.js";

export interface SubmitOptions {
  /** The caller's own transaction: the job exists when, and only when, it commits. */
  readonly tx?: SqlTransaction;
  readonly actor?: string;
}

export interface SubmitManyOptions extends SubmitOptions {
  /**
   * Covers all of the jobs: the same requests in the same order give the same jobs again. A request
   * can also have its own key.
   */
  readonly idempotencyKey?: string;
}

export interface Submitted {
  readonly job: Job;
  /** The job existed already: `idempotency_key` or `unique_key` says which key matched. */
  readonly deduplicated: null | "idempotency_key" | "unique_key";
}

export interface ChangeOptions {
  readonly actor: string;
  /**
   * The version the caller saw; if the job has another one, the call fails with VERSION_MISMATCH.
   */
  readonly expectedVersion?: number;
}

/** The single record of every job, and the only code that changes it. */
export interface Ledger extends WorkerLedger {
  readonly feed: Feed;
  readonly wakeUps: WakeUps;
  submit(request: SubmitRequest, options?: SubmitOptions): Promise<Submitted>;
  /** Submits all jobs or none, in one transaction; at most 10,000. */
  submitMany(requests: readonly SubmitRequest[], options?: SubmitManyOptions): Promise<readonly Submitted[]>;
  readonly archive: ArchiveLedger;
  readonly schedules: ScheduleLedger;
  readonly batches: BatchLedger;
  readonly references: FileReferences;
  readonly kinds: KindLedger;
  /**
   * Reads by primary key; the reads of one tick become one query. For an archived job the answer is
   * how it ended.
   */
  get(id: string): Promise<Job | null>;
  /** Reads only the fields that describe a job's status, in the same way. */
  status(id: string): Promise<JobStatus | null>;
  /**
   * Waits until the job is terminal or the time is up.
   * @returns the job as it is then; null when there is no such job
   */
  wait(
    id: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Job | null>;
  list(filter: JobFilter): Promise<JobPage>;
  /**
   * @throws ARCHIVED when the job's file cannot be read here; the next three methods throw it too
   */
  transitions(id: string): Promise<readonly TransitionRecord[]>;
  attempts(id: string): Promise<readonly AttemptRecord[]>;
  lateResults(id: string): Promise<readonly LateResult[]>;
  logs(
    id: string,
    options: { readonly after?: number; readonly limit?: number },
  ): Promise<readonly LogLine[]>;
  explain(id: string): Promise<StatusExplanation | null>;
  /** @throws JOB_NOT_FOUND, ALREADY_FINISHED, VERSION_MISMATCH */
  cancel(id: string, options: ChangeOptions): Promise<Job>;
  /**
   * Starts a new run of a terminal job.
   * @throws JOB_NOT_FOUND, NOT_FINISHED, VERSION_MISMATCH, UNIQUE_KEY_TAKEN, ARCHIVED
   */
  requeue(id: string, options: ChangeOptions): Promise<Job>;
  stats(): Promise<Stats>;
  /** Latencies of the last 60 minutes, oldest first; minutes in which no job ended are left out. */
  latencies(): Promise<readonly LatencyMinute[]>;
  queues(): Promise<readonly QueueStats[]>;
  /** @throws QUEUE_NOT_FOUND */
  setPaused(queue: string, paused: boolean): Promise<QueueStats>;
  /**
   * @throws QUEUE_NOT_FOUND when the text is not a valid queue name; the next method throws it too
   */
  limits(queue: string): Promise<QueueLimits>;
  /**
   * Sets one limit of a queue, or removes it when the values are null.
   * @throws INVALID_INPUT
   */
  setLimit(queue: string, limit: SetLimit): Promise<QueueLimits>;
  workers(): Promise<readonly WorkerInfo[]>;
  liveWorkers(): Promise<LiveWorkers>;
  /** One worker, however many there are; null when it is not registered. */
  worker(id: string): Promise<WorkerInfo | null>;
  /** The process that runs the maintenance; null when none has been elected. */
  maintenanceLeader(): Promise<MaintenanceLeader | null>;
  /**
   * The time of a round trip to the database, in milliseconds.
   * @throws DatabaseUnavailableError
   */
  ping(): Promise<number>;
  readonly clock: DatabaseClock;
  close(): Promise<void>;
}
