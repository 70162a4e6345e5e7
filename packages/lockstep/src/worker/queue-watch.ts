import type { Logger } from "pino";
import { DatabaseUnavailableError } from "../errors.js";
import type { WakeUps, WorkerLedger } from "../ledger/index.js";
import { createLoop } from "../timing/index.js";
import type { ClaimPlan } from "./claim-plan.js";

const REFRESH_MS = 1_000;

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
  const isOpen = queues.length === 0;
  let names = queues;
  const refresh = async (): Promise<number> => {
    try {
      const found = await ledger.queueNames();
      // A wake-up may have named a queue that is newer than this answer.
      const all = [...new Set([...names, ...found])];
      const isNew = all.length > names.length;
      names = all;
      plan.setQueues(names);
      if (isNew) onReady();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError))
        logger.error({ err: error }, "cannot read the names of the queues");
    }
    return REFRESH_MS;
  };
  const refreshes = createLoop(refresh);
  if (isOpen) refreshes.start();
  const unsubscribe = ledger.wakeUps.onReady((wakeUp) => {
    const nowMs = performance.now();
    if (!plan.wakeUp(wakeUp, nowMs)) {
      if (!isOpen) return;
      names = [...names, wakeUp.queue];
      plan.setQueues(names);
    }
    onReady();
  });
  return async () => {
    unsubscribe();
    await refreshes.stop();
  };
}
