import type { Logger } from "pino";
import { DatabaseUnavailableError } from "../errors.js";
import type { WakeUps, WorkerLedger } from "../ledger/index.js";
import { createLoop } from "../timing/index.js";
import type { ClaimPlan } from "./claim-plan.js";

const REFRESH_MS = 1_000;
/** Discovery may take a tenth of the time: an old transaction makes it walk over drained queues. */
const REFRESH_COST_FACTOR = 10;
/** A worker of more queues than this looks for those that have claimable jobs. */
export const LISTED_QUEUES_MAX = 50;

export interface QueueWatchOptions {
  readonly ledger: Pick<WorkerLedger, "queueNames"> & { readonly wakeUps: Pick<WakeUps, "onReady"> };
  readonly plan: ClaimPlan;
  /** Empty means all queues, present and future. */
  readonly queues: readonly string[];
  readonly logger: Logger;
  onReady(): void;
}

/**
 * Keeps the plan's queues up to date and passes wake-ups to it.
 * @returns a function that stops it
 */
export function watchQueues({
  ledger,
  plan,
  queues,
  logger,
  onReady,
}: QueueWatchOptions): () => Promise<void> {
  // A short list is scanned as it is. Of a long one only the queues with claimable jobs are.
  const isListed = queues.length > 0 && queues.length <= LISTED_QUEUES_MAX;
  const mine = queues.length === 0 ? null : new Set(queues);
  let named: string[] = [];
  const refresh = async (): Promise<number> => {
    const began = performance.now();
    try {
      const found = (await ledger.queueNames()).filter((name) => mine?.has(name) ?? true);
      // A wake-up may have named a queue that is newer than this answer.
      plan.discovered([...new Set([...found, ...named])], performance.now());
      named = [];
      onReady();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError))
        logger.error({ err: error }, "cannot read the names of the queues");
    }
    return Math.max(REFRESH_MS, REFRESH_COST_FACTOR * (performance.now() - began));
  };
  const refreshes = createLoop(refresh);
  if (!isListed) refreshes.start();
  const unsubscribe = ledger.wakeUps.onReady((wakeUp) => {
    if (mine !== null && !mine.has(wakeUp.queue)) return;
    const nowMs = performance.now();
    if (!plan.wakeUp(wakeUp, nowMs)) {
      named.push(wakeUp.queue);
      plan.add(wakeUp.queue, nowMs);
    }
    onReady();
  });
  return async () => {
    unsubscribe();
    await refreshes.stop();
  };
}
