import type { Ledger } from "lockstep/internal/ledger";

export interface LiveWorkerCounts {
  /** null: the database did not answer. */
  readonly total: number | null;
  /** Live workers that offer a kind and take more jobs; null: the database did not answer. */
  ofKind(kind: string): number | null;
}

/** Counts the live workers, in one query. */
export async function countLiveWorkers(ledger: Pick<Ledger, "liveWorkers">): Promise<LiveWorkerCounts> {
  try {
    const { total, byKind } = await ledger.liveWorkers();
    return { total, ofKind: (kind) => byKind.get(kind) ?? 0 };
  } catch {
    // It is down: the rest of the response can still be given.
    return { total: null, ofKind: () => null };
  }
}
