import type { Logger } from "pino";
import type { z } from "zod";
import type {
  AnyJobDefinition,
  Duration,
  Job,
  JobDefinition,
  JobFilter,
  JobPage,
  SubmitJobOptions,
} from "../job/index.js";
import type { Stored } from "./stored.js";

export interface LockstepOptions {
  /**
   * PostgreSQL 14 or newer. Unset: an embedded database in `dataDir`, which only this process can
   * use.
   */
  readonly databaseUrl?: string;
  /**
   * The schema of the database that holds Lockstep's tables and functions: small letters, digits
   * and "_". Two schemas are two systems that do not see each other. Default `lockstep`.
   */
  readonly schema?: string;
  /**
   * Carries wake-ups between processes. One of the processes with the same address also maintains
   * the projection of statuses there.
   */
  readonly redisUrl?: string;
  /**
   * Whether this program may be the one that maintains the projection. Default: true, when there is
   * a `redisUrl`.
   */
  readonly project?: boolean;
  /**
   * Folder for the embedded database, for results that could not be recorded yet, and for files.
   * Default `.lockstep`.
   */
  readonly dataDir?: string;
  /** The kinds of jobs this program knows: it checks their input at submit, and can run them. */
  readonly jobs: readonly AnyJobDefinition[];
  /** How long a worker may be silent before its jobs are given to other workers. Default 30 s. */
  readonly lease?: Duration;
  /** Default: warnings and errors, as JSON lines on stderr. */
  readonly logger?: Logger;
}

declare const outputOf: unique symbol;

/** A job's id that carries the type of its output, for the compiler only. */
export type JobId<Output> = string & { readonly [outputOf]: Output };

/** The job that `submit` returns. Pass it, or its id, to `wait` to get the output with its type. */
export interface SubmittedJob<Output> extends Job {
  readonly id: JobId<Output>;
  /** The key by which an earlier submit's job was found; null when this call created the job. */
  readonly deduplicated: null | "idempotency_key" | "unique_key";
}

export type CompletedJob<Output> = Omit<Job, "status" | "output"> & {
  readonly status: "completed";
  readonly output: Output;
};

export interface WaitOptions {
  /** Default: no timeout. */
  readonly timeout?: Duration;
  readonly signal?: AbortSignal;
}

export interface WorkOptions {
  /** Maximum number of jobs running at the same time. Default 10. */
  readonly concurrency?: number;
  /** Default: all. */
  readonly queues?: readonly string[];
}

/** A worker that runs in this process. */
export interface RunningWorker {
  readonly id: string;
  /**
   * Stops claiming jobs, lets running ones finish for a while, then releases them. May be called
   * more than once.
   */
  stop(): Promise<void>;
}

/** Lockstep's client: what a program can do with jobs. */
export interface Lockstep {
  /**
   * Records a job. When the promise resolves the job is committed (or, with `tx`, is part of your
   * transaction).
   * @throws LockstepError INVALID_INPUT with the issues, IDEMPOTENCY_MISMATCH;
   *   DatabaseUnavailableError
   */
  submit<Input extends z.ZodType, Output>(
    job: JobDefinition<Input, Output>,
    input: z.input<Input>,
    options?: SubmitJobOptions,
  ): Promise<SubmittedJob<Stored<Awaited<Output>>>>;
  /**
   * The same, by the kind's name. If this program has no definition of the kind, the input is
   * recorded unchecked.
   */
  submit(kind: string, input: unknown, options?: SubmitJobOptions): Promise<SubmittedJob<unknown>>;
  /** Starts a worker for the definitions in `jobs`. */
  work(options?: WorkOptions): Promise<RunningWorker>;
  /**
   * Waits until a job has completed.
   * @returns the job with its output
   * @throws LockstepError JOB_FAILED, JOB_CANCELLED, WAIT_TIMEOUT, JOB_NOT_FOUND
   */
  wait<Output>(
    job: SubmittedJob<Output> | JobId<Output>,
    options?: WaitOptions,
  ): Promise<CompletedJob<Output>>;
  wait(job: Job | string, options?: WaitOptions): Promise<CompletedJob<unknown>>;
  /** @returns null when there is no such job */
  get(id: string): Promise<Job | null>;
  /** @throws LockstepError JOB_NOT_FOUND, ALREADY_FINISHED */
  cancel(id: string): Promise<Job>;
  /**
   * Runs a finished job again. @throws LockstepError JOB_NOT_FOUND, NOT_FINISHED, UNIQUE_KEY_TAKEN
   */
  retry(id: string): Promise<Job>;
  /** Lists jobs, newest first, a page at a time. */
  list(filter?: JobFilter): Promise<JobPage>;
  /** Stops the workers and closes everything, in order. May be called more than once. */
  close(): Promise<void>;
}
