import type { Job, JobFilter, JobPage, JobStatus, SqlTransaction, TransitionRecord } from "../job/index.js";
import type { ArchiveLedger } from "./archive-ledger.js";
import type { BatchLedger } from "./batch.js";
import type { Feed, WakeUps } from "./feed-event.js";
import type { QueueLimits, SetLimit } from "./limit.js";
import type {
  AttemptRecord,
  LatencyMinute,
  LateResult,
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
  /** For all of them: the same requests in the same order give the same jobs again. A request's own key is its own. */
  readonly idempotencyKey?: string;
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

/** The one record of every job, and the only code that changes it. */
export interface Ledger extends WorkerLedger {
  readonly feed: Feed;
  readonly wakeUps: WakeUps;
  submit(request: SubmitRequest, options?: SubmitOptions): Promise<Submitted>;
  /** All or none, in one transaction; at most 10,000. */
  submitMany(requests: readonly SubmitRequest[], options?: SubmitManyOptions): Promise<readonly Submitted[]>;
  readonly archive: ArchiveLedger;
  readonly schedules: ScheduleLedger;
  readonly batches: BatchLedger;
  readonly references: FileReferences;
  /** Reads by primary key; the reads of one tick become one query. An archived job answers with how it ended. */
  get(id: string): Promise<Job | null>;
  /** The same for what its status is told from. */
  status(id: string): Promise<JobStatus | null>;
  /** Holds until the job is terminal or the time is up. @returns the job as it is then, null when there is none */
  wait(
    id: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Job | null>;
  list(filter: JobFilter): Promise<JobPage>;
  /** @throws ARCHIVED, as the three after it do, when the job's file cannot be read here */
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
  /** Starts a new run of a terminal job. @throws JOB_NOT_FOUND, NOT_FINISHED, VERSION_MISMATCH, UNIQUE_KEY_TAKEN, ARCHIVED */
  requeue(id: string, options: ChangeOptions): Promise<Job>;
  stats(): Promise<Stats>;
  /** Of the last 60 minutes, oldest first; minutes in which nothing ended are left out. */
  latencies(): Promise<readonly LatencyMinute[]>;
  queues(): Promise<readonly QueueStats[]>;
  /** @throws QUEUE_NOT_FOUND */
  setPaused(queue: string, paused: boolean): Promise<QueueStats>;
  /** @throws QUEUE_NOT_FOUND for a text that is no name of a queue, as the next does too */
  limits(queue: string): Promise<QueueLimits>;
  /** Sets one limit of a queue, or takes it away with nulls. @throws INVALID_INPUT */
  setLimit(queue: string, limit: SetLimit): Promise<QueueLimits>;
  workers(): Promise<readonly WorkerInfo[]>;
  /** Whether a worker has ever offered the kind, in this process or another. */
  wasOffered(kind: string): Promise<boolean>;
  /** A round trip to the database: milliseconds. @throws DatabaseUnavailableError */
  ping(): Promise<number>;
  close(): Promise<void>;
}
