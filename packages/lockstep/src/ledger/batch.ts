import type { BATCH_FIELDS, Job, Json, Status, TerminalStatus } from "../job/index.js";
import type { SubmitRequest } from "./submit-request.js";

export const BATCH_MEMBERS_MAX = 100_000;

/** A line of a library from which no job was made. */
export interface SkippedLine {
  /** Line number in the file, counted from 1. */
  readonly line: number;
  readonly detail: string;
}

/** A job of a batch. It has no keys of its own, because the batch has one. */
export type BatchMember = Pick<
  SubmitRequest,
  "input" | "traceparent" | "defaults" | (typeof BATCH_FIELDS)[number]
>;

export interface NewBatch {
  readonly kind: string;
  /** A name for people. Default: the kind. */
  readonly name?: string;
  /** 1 to 100,000. */
  readonly members: readonly BatchMember[];
  /** The id of the file that the members were read from. */
  readonly library?: string;
  readonly skipped?: readonly SkippedLine[];
  /** The same key with the same request always gives the same batch. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
}

/** A batch and the status counts of its jobs, read at one moment. */
export interface Batch {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** How many jobs were submitted. */
  readonly jobs: number;
  readonly counts: Readonly<Record<Status, number>>;
  /** How many of the finished jobs were moved to the archive. */
  readonly archived: number;
  readonly progress: { readonly finished: number; readonly fraction: number };
  /** How many lines of the library were skipped. */
  readonly skipped: number;
  /** The first hundred skipped lines. */
  readonly skipped_lines: readonly SkippedLine[];
  readonly library: string | null;
  readonly actor: string;
  readonly created_at: string;
  readonly source: "ledger";
  readonly as_of: string;
}

export interface BatchPage {
  /** Newest first. */
  readonly batches: readonly Batch[];
  readonly next: string | null;
  readonly as_of: string;
}

/** A finished job of a batch. */
export interface BatchResult {
  readonly id: string;
  readonly status: TerminalStatus;
  readonly attempt: number;
  readonly version: number;
  /**
   * null for an archived job whose file cannot be read here; `output` and `error` are null then
   * too.
   */
  readonly input: Json;
  readonly output: Json;
  readonly error: Job["error"];
  readonly finished_at: string;
}

/** Jobs that were submitted together. */
export interface BatchLedger {
  /**
   * Commits a batch and all its jobs in one transaction.
   * @returns replayed: the batch existed already
   * @throws INVALID_INPUT, IDEMPOTENCY_MISMATCH
   */
  submit(
    batch: NewBatch,
    options: { readonly actor: string },
  ): Promise<{ readonly batch: Batch; readonly replayed: boolean }>;
  get(id: string): Promise<Batch | null>;
  /** @param page.limit 1 to 100 */
  list(page: { readonly limit: number; readonly cursor?: string }): Promise<BatchPage>;
  /**
   * Cancels the pending jobs and requests a stop of the running ones.
   * @returns how many jobs changed
   * @throws BATCH_NOT_FOUND
   */
  cancel(id: string, options: { readonly actor: string }): Promise<number>;
  /**
   * Runs the jobs again that failed or were cancelled before this call, except archived ones.
   * @returns how many
   * @throws BATCH_NOT_FOUND
   */
  retry(id: string, options: { readonly actor: string }): Promise<number>;
  /** Every finished job, ordered by id, in pages; archived jobs come last. */
  finished(id: string): AsyncGenerator<readonly BatchResult[]>;
}
