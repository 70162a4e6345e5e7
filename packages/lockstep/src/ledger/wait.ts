import { isTerminal, type Job } from "../job/index.js";
import { createWakeUp } from "../timing/index.js";
import type { WakeUpBus } from "./wake-up-bus.js";

const POLL_MS = 500;
/** Under load something is committed all the time; a look this often is enough for a waiting person. */
const POLL_MS_MIN = 20;

/**
 * Holds until a job is terminal, the time is up or the caller gives up, and answers the job as it is then.
 * It looks when something was committed, and on a timer, for a hint can be lost.
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
