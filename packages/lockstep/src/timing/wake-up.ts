import { pause } from "./pause.js";

export interface WaitOptions {
  /**
   * The minimum duration of the wait, whatever is signalled: under load something happens all the
   * time. Default 0.
   */
  readonly atLeastMs?: number;
  /** Ends the wait at once. */
  readonly signal?: AbortSignal | undefined;
}

/** Lets loops wait until something happens, each with a time limit. */
export interface WakeUp {
  /** Ends every wait. When nobody waits, the next wait ends at once. */
  readonly signal: () => void;
  /**
   * Forgets a signal that nobody waited for. For a loop that checks everything between this call
   * and its wait.
   */
  clear(): void;
  /** @param ms the longest time to wait */
  wait(ms: number, options?: WaitOptions): Promise<void>;
}

export function createWakeUp(): WakeUp {
  const waiting = new Set<() => void>();
  let signalled = false;

  const sleep = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        waiting.delete(end);
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      waiting.add(end);
      signal?.addEventListener("abort", end, { once: true });
    });

  return {
    signal() {
      if (waiting.size === 0) signalled = true;
      else for (const end of [...waiting]) end();
    },
    clear() {
      signalled = false;
    },
    async wait(ms, { atLeastMs = 0, signal } = {}) {
      if (atLeastMs > 0) await pause(Math.min(ms, atLeastMs), signal);
      const leftMs = ms - Math.max(0, atLeastMs);
      if (!signalled && leftMs > 0 && !signal?.aborted) await sleep(leftMs, signal);
      signalled = false;
    },
  };
}
