import type { Ledger } from "lockstep/internal/ledger";

/**
 * Counts the live workers that offer each kind of job.
 * @returns a function from a kind to the number; it returns null when the database did not answer
 */
export async function countLiveWorkers(
  ledger: Pick<Ledger, "workers">,
): Promise<(kind: string) => number | null> {
  try {
    const live = (await ledger.workers()).filter((worker) => worker.live && !worker.draining);
    return (kind) => live.filter((worker) => worker.kinds.includes(kind)).length;
  } catch {
    return () => null; // It is down: the rest of the response can still be given.
  }
}
