import { type Duration, durationMs } from "./duration.js";

/** How often and how soon a failed job is retried. */
export interface RetryOptions {
  /** All attempts, including the first. Default 3, at most 1000. */
  readonly maxAttempts?: number;
  /** The maximum of the first wait. Default 1 s. */
  readonly baseDelay?: Duration;
  /** The maximum of any wait. Default 1 h. */
  readonly maxDelay?: Duration;
}

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export const MAX_ATTEMPTS_DEFAULT = 3;
export const MAX_ATTEMPTS_LIMIT = 1_000;

/** @throws RangeError */
export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  const maxAttempts = options.maxAttempts ?? MAX_ATTEMPTS_DEFAULT;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS_LIMIT)
    throw new RangeError(
      `maxAttempts must be a whole number from 1 to ${MAX_ATTEMPTS_LIMIT}, not ${maxAttempts}`,
    );
  return {
    maxAttempts,
    baseDelayMs: durationMs(options.baseDelay ?? 1_000),
    maxDelayMs: durationMs(options.maxDelay ?? 3_600_000),
  };
}

/**
 * Milliseconds to wait after the n-th failure: exponential backoff with full jitter, which spreads
 * a herd better than half jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * @param failures failures so far, including this one (1 or more)
 * @param random a number in [0, 1)
 */
export function backoffMs(policy: RetryPolicy, failures: number, random: number): number {
  const doublings = Math.min(failures - 1, 40);
  const ceilingMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** doublings);
  return Math.floor(random * ceilingMs);
}
