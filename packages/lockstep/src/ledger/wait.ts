import { isTerminal, type Job } from "../job/index.js";
import { createWakeUp } from "../timing/index.js";
import type { WakeUpBus } from "./wake-up-bus.js";

const POLL_MS = 500;
/** Under load commits happen all the time; checking this often is enough for a person who waits. */
const POLL_MS_MIN = 20;

/**
 * Waits until a job is terminal, the time is up or the caller aborts, and returns the job as it is
 * then. It checks after a commit, and also on a timer because a wake-up can be lost.
 * @returns null when there is no such job
 */
export async function waitForJob(
  read: (id: string) => Promise<Job | null>,
  wakeUps: WakeUpBus,
  id: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<Job | null> {
  const deadline = performance.now() + timeoutMs;
  const wakeUp = createWakeUp();
  const unsubscribe = wakeUps.onChange(wakeUp.signal);
  try {
    for (;;) {
      const looked = performance.now();
      const job = await read(id);
      const leftMs = deadline - performance.now();
      if (job === null || isTerminal(job.status) || leftMs <= 0 || signal?.aborted) return job;
      const atLeastMs = POLL_MS_MIN - (performance.now() - looked);
      await wakeUp.wait(Math.min(POLL_MS, leftMs), { atLeastMs, signal });
    }
  } finally {
    unsubscribe();
  }
}
