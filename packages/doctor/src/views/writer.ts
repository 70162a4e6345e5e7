import type { Status } from "lockstep/internal/job";

/**
 * Changes one view, one job at a time, and each job only if it has not changed since it was read.
 */
export interface ViewWriter {
  readonly actions: readonly RepairAction[];
  /**
   * The fields it can set besides the status, because the configuration says where they are stored.
   */
  readonly fields: ReadonlySet<SettableField>;
  /** The word that this view writes for a status; null: the configuration maps no word to it. */
  wordFor(status: Status): string | null;
  /**
   * Compares and sets in one atomic step. Never throws for an answer of the store. Throws when the
   * store could not be reached; it is then unknown whether the write was made.
   */
  write(repair: Repair): Promise<WriteOutcome>;
  /**
   * Puts a before image back, if the current value has the fingerprint that the repair left.
   * Atomic, like `write`.
   */
  restore(restoration: Restoration): Promise<WriteOutcome>;
}

/**
 * `settle`: set status, times and outcome. `remove`: remove the entry of a job that is done.
 * `enqueue`: add the job again under the same id. `refresh`: rewrite the copy from the record.
 */
export type RepairAction = "settle" | "remove" | "enqueue" | "refresh";

export type SettableField = "started_at" | "finished_at" | "result" | "error";

/** The run and the actor of a write. */
export interface By {
  readonly run: string;
  readonly actor: string;
}

export interface Repair {
  readonly action: RepairAction;
  readonly id: string;
  /** `Value.fingerprint` as it was read; null: the job was absent. */
  readonly fingerprint: string | null;
  /** `Value.beforeImage` as just read, with that fingerprint. */
  readonly beforeImage: unknown;
  /** The values to set: for `settle` all of them, for `remove` only the record's status. */
  readonly to: RepairValues;
  /** undefined: the write is not recorded. */
  readonly by?: By;
}

/** Only the given fields are set; missing fields stay unchanged. */
export interface RepairValues {
  readonly status: Status;
  /** RFC 3339. */
  readonly started_at?: string;
  readonly finished_at?: string;
  /** The result and the error as JSON texts. */
  readonly result_json?: string;
  readonly error_json?: string;
}

export interface Restoration {
  readonly id: string;
  readonly action: RepairAction;
  /** The fingerprint that the repair left; null: it left nothing. */
  readonly fingerprint: string | null;
  /** The before image; null: there was nothing. */
  readonly beforeImage: unknown;
  readonly by?: By;
}

export type WriteOutcome =
  /** `fingerprint`: of the current value; null: there is none. */
  | { readonly outcome: "written"; readonly fingerprint: string | null }
  /** The job has changed since it was read and was left alone. */
  | { readonly outcome: "changed" }
  /** The store refused the write. */
  | { readonly outcome: "refused"; readonly why: string };
