import { LockstepError, NonRetryableError } from "../errors.js";
import { type AttemptOutcome, attemptError, backoffMs, type RetryPolicy } from "../job/index.js";

/**
 * Why a handler was asked to stop. `taken`: the ledger says that the attempt no longer belongs to
 * this worker.
 */
export type Stop = "cancelled" | "timeout" | "lease_lost" | "taken" | "shutdown";

const STOP_ERRORS = {
  cancelled: ["JOB_CANCELLED", "The job was cancelled."],
  timeout: ["JOB_TIMEOUT", "The attempt took longer than its timeout."],
  lease_lost: ["LEASE_LOST", "The worker could not reach the ledger for too long."],
  taken: ["LEASE_LOST", "The attempt no longer belongs to this worker."],
  shutdown: ["SHUTTING_DOWN", "The worker is shutting down."],
} as const satisfies Record<Stop, readonly [string, string]>;

/** The error that a handler's signal is aborted with. */
export function stopError(stop: Stop): LockstepError {
  const [code, message] = STOP_ERRORS[stop];
  return new LockstepError(code, message);
}

export interface Failed {
  readonly thrown: unknown;
  readonly retry: RetryPolicy;
  /** Failures before this one. */
  readonly failures: number;
  /** In [0, 1). */
  readonly random: number;
}

/** The outcome of a handler that threw without being asked to stop. */
export function failedOutcome({ thrown, retry, failures, random }: Failed): AttemptOutcome {
  return {
    type: "failed",
    error: attemptError(thrown),
    retry_in_ms: isFinal(thrown) ? null : backoffMs(retry, failures + 1, random),
    reason: "error",
  };
}

/**
 * The outcome of a handler that was asked to stop and then threw, or did not return in time
 * (`thrown` is undefined). After a lost lease or a shutdown the job is released, which costs it no
 * attempt. The ledger's guard rejects that if the job has gone to another worker.
 * @returns null when there is nothing to record
 */
export function stoppedOutcome(stop: Stop, failed: Failed): AttemptOutcome | null {
  switch (stop) {
    case "cancelled":
      return { type: "cancelled", error: attemptError(failed.thrown ?? stopError(stop)) };
    case "timeout":
      return {
        type: "failed",
        error: attemptError(stopError(stop)),
        retry_in_ms: backoffMs(failed.retry, failed.failures + 1, failed.random),
        reason: "timeout",
      };
    case "lease_lost":
    case "shutdown":
      return { type: "released" };
    case "taken":
      return null;
  }
}

/** Never throws, whatever was thrown. */
function isFinal(thrown: unknown): boolean {
  try {
    if (thrown instanceof NonRetryableError) return true;
    if (thrown instanceof LockstepError) return thrown.code === "RESULT_UNSTORABLE";
    // A handler may have its own copy of this package, whose classes are different objects.
    return thrown instanceof Error && thrown.name === "NonRetryableError";
  } catch {
    return false; // It cannot be read: a getter or a trap of a proxy throws.
  }
}
