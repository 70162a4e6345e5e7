import type { Json } from "./json.js";
import type { Status } from "./status.js";
import type { Reason } from "./transition-table.js";

/** Where an answer about a job came from: the committed row, or a copy of it that may be late. */
export type Source = "ledger" | "cache";

export interface Progress {
  /** Between 0 and 1. */
  readonly fraction: number;
  readonly message: string | null;
  /** RFC 3339, the database's clock. */
  readonly at: string;
}

/** An error as the ledger stores it, one for every failed, lost or timed-out attempt. */
export interface JobError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly stack: string | null;
  readonly attempt: number;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * A job as every reader sees it: the columns of `jobs`, unchanged, with the source and time of the
 * read. Times are RFC 3339 in UTC with microseconds, by the database's clock.
 */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly queue: string;
  readonly status: Status;
  readonly version: number;
  readonly attempt: number;
  readonly failures: number;
  /**
   * Attempts that were lost with their worker. They are no failures; after five the job fails.
   */
  readonly losses: number;
  readonly max_attempts: number;
  /** Smaller runs first, like `nice`. */
  readonly priority: number;
  readonly progress: Progress | null;
  readonly input: Json;
  readonly output: Json;
  readonly error: JobError | null;
  readonly worker_id: string | null;
  readonly tags: readonly string[];
  readonly timeout_ms: number | null;
  readonly unique_key: string | null;
  /** The key under which a queue's limits by key count it; null: none. */
  readonly limit_key: string | null;
  /** The batch it was submitted with; null: none. */
  readonly batch_id: string | null;
  readonly run_at: string;
  readonly deadline_at: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly cancel_requested_at: string | null;
  /**
   * Who made the last transition, such as `worker:0199...`, `sweeper`, `api` or `api:<key name>`.
   */
  readonly actor: string;
  /** Why the last transition was made. */
  readonly reason: Reason;
  readonly source: Source;
  /** When this was read: RFC 3339. */
  readonly as_of: string;
  /** Present when the job was moved to the archive: the other members show how it ended. */
  readonly archived?: true;
  readonly archive?: ArchiveNote;
}

/** Where an archived job's record is. */
export interface ArchiveNote {
  /** RFC 3339. */
  readonly at: string;
  readonly file: string;
  /**
   * false: the file cannot be read here, so the job has no members `input`, `output`, `error` and
   * `progress`.
   */
  readonly readable: boolean;
}

/**
 * The fields that describe a job's status: not its input, and nothing else that is not needed for
 * that.
 */
export type JobStatus = Pick<
  Job,
  | "id"
  | "kind"
  | "queue"
  | "status"
  | "version"
  | "attempt"
  | "failures"
  | "max_attempts"
  | "progress"
  | "output"
  | "error"
  | "run_at"
  | "cancel_requested_at"
  | "reason"
  | "source"
  | "as_of"
  | "archived"
  | "archive"
>;

/** What a list shows of a job: everything except the payloads, which can be large. */
export type JobSummary = Omit<Job, "input" | "output" | "source" | "as_of" | "archived" | "archive">;

/** One committed transition of a job's history. */
export interface TransitionRecord {
  readonly job_id: string;
  readonly version: number;
  readonly from_status: Status | null;
  readonly status: Status;
  readonly attempt: number;
  readonly actor: string;
  readonly reason: Reason;
  readonly detail: Json;
  readonly at: string;
}
