import type { BATCH_FIELDS, Job, Json, Status, TerminalStatus } from "../job/index.js";
import type { SubmitRequest } from "./submit-request.js";

export const BATCH_MEMBERS_MAX = 100_000;

/** A line of a library that no job was made of. */
export interface SkippedLine {
  /** Of the file, counted from 1. */
  readonly line: number;
  readonly detail: string;
}

/** A job of a batch: it has no keys of its own, for the batch has one. */
export type BatchMember = Pick<SubmitRequest, "input" | "traceparent" | (typeof BATCH_FIELDS)[number]>;

export interface NewBatch {
  readonly kind: string;
  /** For people. Default: the kind. */
  readonly name?: string;
  /** 1 to 100,000. */
  readonly members: readonly BatchMember[];
  /** The id of the file that the members were read from. */
  readonly library?: string;
  readonly skipped?: readonly SkippedLine[];
  /** The same key and request always give the same batch. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
}

/** A batch and how its jobs stand, read at one moment. */
export interface Batch {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** How many were submitted. */
  readonly jobs: number;
  readonly counts: Readonly<Record<Status, number>>;
  /** How many of the finished ones were moved to the archive. */
  readonly archived: number;
  readonly progress: { readonly finished: number; readonly fraction: number };
  /** Lines of the library that were left out. */
  readonly skipped: number;
  /** The first hundred of them. */
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
  /** Of an archived job whose file cannot be read here: null, as output and error are. */
  readonly input: Json;
  readonly output: Json;
  readonly error: Job["error"];
  readonly finished_at: string;
}

/** Jobs that were submitted together. */
export interface BatchLedger {
  /**
   * Commits a batch and all its jobs in one transaction.
   * @returns replayed: the batch was there already
   * @throws INVALID_INPUT, IDEMPOTENCY_MISMATCH
   */
  submit(
    batch: NewBatch,
    options: { readonly actor: string },
  ): Promise<{ readonly batch: Batch; readonly replayed: boolean }>;
  get(id: string): Promise<Batch | null>;
  /** @param page.limit 1 to 100 */
  list(page: { readonly limit: number; readonly cursor?: string }): Promise<BatchPage>;
  /** Cancels what waits and asks what runs to stop. @returns how many jobs that changed @throws BATCH_NOT_FOUND */
  cancel(id: string, options: { readonly actor: string }): Promise<number>;
  /**
   * Runs the jobs again that failed or were cancelled before this call, except archived ones.
   * @returns how many @throws BATCH_NOT_FOUND
   */
  retry(id: string, options: { readonly actor: string }): Promise<number>;
  /** Every finished job, by id, in pages: those that were archived come last. */
  finished(id: string): AsyncGenerator<readonly BatchResult[]>;
}
