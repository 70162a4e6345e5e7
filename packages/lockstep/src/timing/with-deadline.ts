import { startTimer } from "./timer.js";

export interface Deadline<Late> {
  readonly ms: number;
  /** Ends the wait at once, as if the time were up. */
  readonly signal?: AbortSignal | undefined;
  /** Gives the answer when the time is up. If it throws, the call throws that error. */
  readonly late: () => Late;
}

/**
 * Waits for work, but not too long. The work itself continues; its later answer or error is
 * ignored.
 * @throws what the work throws in time, or what `late` throws
 */
export function withDeadline<T, Late>(
  work: Promise<T>,
  { ms, signal, late }: Deadline<Late>,
): Promise<T | Late> {
  return new Promise((resolve, reject) => {
    const tooLate = (): void => {
      release();
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    };
    const release = (): void => {
      clear();
      signal?.removeEventListener("abort", tooLate);
    };
    const clear = startTimer(ms, tooLate);
    work.then(
      (value) => {
        release();
        resolve(value);
      },
      (error: unknown) => {
        release();
        reject(error);
      },
    );
    if (signal?.aborted) tooLate();
    else signal?.addEventListener("abort", tooLate, { once: true });
  });
}
