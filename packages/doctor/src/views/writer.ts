import type { Status } from "lockstep/internal/job";

/** Changes one view, one job at a time, and each only if it still is what was seen. */
export interface ViewWriter {
  readonly actions: readonly RepairAction[];
  /** What it can set besides the status, because the configuration says where it is kept. */
  readonly fields: ReadonlySet<SettableField>;
  /** The word this view would write for a status; null: the configuration maps none to it. */
  wordFor(status: Status): string | null;
  /**
   * Compares and sets in one atomic step. Never throws for what the store answered; throws when it could not be reached,
   * and then nobody knows whether it was written.
   */
  write(repair: Repair): Promise<WriteOutcome>;
  /** Puts a before image back, if what is there now has the mark that the repair left. Atomic, like `write`. */
  restore(restoration: Restoration): Promise<WriteOutcome>;
}

/** `settle`: status, times and outcome. `remove`: the entry of a job that is done. `enqueue`: again, under the same id. `refresh`: from the record. */
export type RepairAction = "settle" | "remove" | "enqueue" | "refresh";

export type SettableField = "started_at" | "finished_at" | "result" | "error";

/** On whose behalf something is written. */
export interface By {
  readonly run: string;
  readonly actor: string;
}

export interface Repair {
  readonly action: RepairAction;
  readonly id: string;
  /** `Value.mark` of what was seen; null: it was absent. */
  readonly fingerprint: string | null;
  /** `Value.image` of it as just read; it has that mark. */
  readonly beforeImage: unknown;
  /** What to set: for `settle` all of it, for `remove` the status the record has. */
  readonly to: RepairValues;
  /** undefined: nobody notes it. */
  readonly by?: By;
}

/** Only what is named is set; a field that is missing stays as it is. */
export interface RepairValues {
  readonly status: Status;
  /** RFC 3339. */
  readonly started_at?: string;
  readonly finished_at?: string;
  /** JSON texts. */
  readonly result_json?: string;
  readonly error_json?: string;
}

export interface Restoration {
  readonly id: string;
  readonly action: RepairAction;
  /** The mark the repair left behind; null: it left nothing there. */
  readonly fingerprint: string | null;
  /** The before image; null: there was nothing. */
  readonly beforeImage: unknown;
  readonly by?: By;
}

export type WriteOutcome =
  /** `mark`: of what is there now; null: nothing. */
  | { readonly outcome: "written"; readonly fingerprint: string | null }
  /** It is not what was seen any more, and was left alone. */
  | { readonly outcome: "changed" }
  /** The store would not take it. */
  | { readonly outcome: "refused"; readonly why: string };
