import { DEADLINE_MS } from "../runner/deadline.js";

export interface WaitOptions {
  /**
   * When to give up. Default: DEADLINE_MS; set it only for what takes minutes on an idle machine.
   */
  readonly deadlineMs?: number;
  /** What the wait is for, as the end of "waited in vain for ...". */
  readonly what: string;
  /** Pause between two checks. Default 20. */
  readonly everyMs?: number;
}

/**
 * Checks a condition again and again until it returns a truthy value, and returns that value. A
 * condition that throws counts as "not yet"; its last error becomes the cause.
 * @throws Error naming what was waited for when the deadline passes
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions,
): Promise<NonNullable<T>> {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const giveUpAt = performance.now() + deadlineMs;
  let lastError: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 20));
  } while (performance.now() < giveUpAt);
  throw new Error(`waited in vain for ${options.what} (${deadlineMs} ms)`, { cause: lastError });
}
