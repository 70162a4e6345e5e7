import { isTerminal, type Job } from "../job/index.js";
import type { HintBus } from "./hints.js";

const POLL_MS = 500;
/** Under load something is committed all the time; a look this often is enough for a waiting person. */
const LOOK_MS_MIN = 20;

/**
 * Holds until a job is terminal, the time is up or the caller gives up, and answers the job as it is then.
 * It looks when something was committed, and on a timer, for a hint can be lost.
 * @returns null when there is no such job
 */
export async function waitForJob(
  read: (id: string) => Promise<Job | null>,
  hints: HintBus,
  id: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<Job | null> {
  const deadline = performance.now() + timeoutMs;
  const bell = createBell();
  const unsubscribe = hints.onChange(bell.ring);
  signal?.addEventListener("abort", bell.ring, { once: true });
  try {
    for (;;) {
      const looked = performance.now();
      const job = await read(id);
      const leftMs = deadline - performance.now();
      if (job === null || isTerminal(job.status) || leftMs <= 0 || signal?.aborted) return job;
      await bell.wait(Math.min(POLL_MS, leftMs), LOOK_MS_MIN - (performance.now() - looked));
    }
  } finally {
    unsubscribe();
    signal?.removeEventListener("abort", bell.ring);
  }
}

/** A bell that remembers a ring nobody waited for. */
function createBell() {
  let rung = false;
  let wake: (() => void) | null = null;
  const pause = (ms: number, woken: boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        wake = null;
        resolve();
      }
      if (woken) wake = done;
    });
  return {
    ring: (): void => {
      rung = true;
      wake?.();
    },
    async wait(ms: number, atLeastMs: number): Promise<void> {
      if (atLeastMs > 0) await pause(Math.min(ms, atLeastMs), false);
      if (!rung && ms > 0) await pause(ms, true);
      rung = false;
    },
  };
}
