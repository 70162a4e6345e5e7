import { LockstepError, NonRetryableError } from "../errors.js";
import { type AttemptOutcome, backoffMs, type RetryPolicy } from "../job/index.js";
import { attemptError } from "./attempt-error.js";

/** Why a handler was told to stop. `taken` means that the ledger says so: the attempt is not this worker's any more. */
export type Stop = "cancelled" | "timeout" | "lease_lost" | "taken" | "shutdown";

const STOP_ERRORS = {
  cancelled: ["JOB_CANCELLED", "The job was cancelled."],
  timeout: ["JOB_TIMEOUT", "The attempt took longer than its timeout."],
  lease_lost: ["LEASE_LOST", "The worker could not reach the ledger for too long."],
  taken: ["LEASE_LOST", "The attempt is no longer this worker's."],
  shutdown: ["SHUTTING_DOWN", "The worker is shutting down."],
} as const satisfies Record<Stop, readonly [string, string]>;

/** The reason a handler's signal carries. */
export function stopError(stop: Stop): LockstepError {
  const [code, message] = STOP_ERRORS[stop];
  return new LockstepError(code, message);
}

export interface Failed {
  readonly thrown: unknown;
  readonly retry: RetryPolicy;
  /** Before this one. */
  readonly failures: number;
  /** In [0, 1). */
  readonly random: number;
}

/** The outcome of a handler that threw without being told to stop. */
export function failedOutcome({ thrown, retry, failures, random }: Failed): AttemptOutcome {
  return {
    type: "failed",
    error: attemptError(thrown),
    retry_in_ms: isFinal(thrown) ? null : backoffMs(retry, failures + 1, random),
    reason: "error",
  };
}

/**
 * The outcome of a handler that was told to stop and then threw, or did not return in time (`thrown` undefined).
 * After a lost lease or a shutdown the job is given back, which costs it nothing; the ledger's guard refuses that where
 * the job has gone to someone else.
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

function isFinal(thrown: unknown): boolean {
  if (thrown instanceof NonRetryableError) return true;
  if (thrown instanceof LockstepError) return thrown.code === "RESULT_UNSTORABLE";
  // A handler may bring its own copy of this package, whose classes are others.
  return thrown instanceof Error && thrown.name === "NonRetryableError";
}
