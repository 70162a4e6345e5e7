/** What a handler threw, as it is recorded. The ledger adds the attempt's number and the time. */
export interface AttemptError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly stack: string | null;
}

/** How an attempt ended. `output` is canonical JSON text. */
export type AttemptOutcome =
  | { readonly type: "completed"; readonly output: string }
  | {
      readonly type: "failed";
      readonly error: AttemptError;
      readonly retry_in_ms: number | null;
      readonly reason: "error" | "timeout";
    }
  | { readonly type: "released" }
  | { readonly type: "cancelled"; readonly error: AttemptError | null };

const UNSTORABLE = "RESULT_UNSTORABLE";

/**
 * The outcome of an attempt whose result the ledger cannot store: the job fails, because another
 * attempt would return the same result.
 */
export function unstorableOutcome(message: string): AttemptOutcome {
  const error = { name: "ResultUnstorableError", message, code: UNSTORABLE, stack: null };
  return { type: "failed", error, retry_in_ms: null, reason: "error" };
}

export function isUnstorable(outcome: AttemptOutcome | undefined): boolean {
  return outcome?.type === "failed" && outcome.error.code === UNSTORABLE && outcome.retry_in_ms === null;
}

/** How an attempt of a job's history ended. */
export const ATTEMPT_OUTCOMES = [
  "completed",
  "failed",
  "cancelled",
  "retried",
  "released",
  "lost",
  "timeout",
] as const;

/** The result of a settlement. @see SettleReceipt */
export const SETTLE_RESULTS = ["accepted", "already", "late", "fenced", "unstorable"] as const;
