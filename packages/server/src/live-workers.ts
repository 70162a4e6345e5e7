import type { Ledger } from "lockstep/internal/ledger";

/**
 * Asks how many live workers offer each kind of job.
 * @returns told a kind, the number; null when the database did not answer
 */
export async function countLiveWorkers(
  ledger: Pick<Ledger, "workers">,
): Promise<(kind: string) => number | null> {
  try {
    const live = (await ledger.workers()).filter((worker) => worker.live && !worker.draining);
    return (kind) => live.filter((worker) => worker.kinds.includes(kind)).length;
  } catch {
    return () => null; // It is away: what is asked for besides can be told all the same.
  }
}
