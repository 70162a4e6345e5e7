import type { Logger } from "pino";
import { DatabaseUnavailableError } from "../errors.js";
import type { WakeUps, WorkerLedger } from "../ledger/index.js";
import { createLoop } from "../timing/index.js";
import type { RunningAttempts } from "./running-attempts.js";

const ASK_MS = 500;

export interface StopRequestsOptions {
  readonly ledger: Pick<WorkerLedger, "stopRequests"> & { readonly wakeUps: Pick<WakeUps, "onStopRequest"> };
  readonly running: Pick<RunningAttempts, "workerId" | "attempts">;
  readonly logger: Logger;
}

/**
 * Asks the ledger which running attempts must stop, twice a second and after each wake-up.
 * @returns a function that ends it
 */
export function watchStopRequests({ ledger, running, logger }: StopRequestsOptions): () => Promise<void> {
  const ask = async (): Promise<number> => {
    const held = [...running.attempts].filter((attempt) => attempt.isHeld);
    if (held.length === 0) return ASK_MS;
    try {
      const asked = held.map(({ job_id, attempt }) => ({ job_id, attempt }));
      for (const { job_id, attempt, why } of await ledger.stopRequests(running.workerId, asked)) {
        const toStop = held.find((one) => one.job_id === job_id && one.attempt === attempt);
        // An attempt that ended while the request was in progress is no longer running, which is
        // right.
        if (toStop?.isHeld) toStop.stop(why === "fenced" ? "taken" : "cancelled");
      }
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError))
        logger.error({ err: error }, "cannot ask which attempts must stop");
    }
    return ASK_MS;
  };
  const asks = createLoop(ask, { firstMs: ASK_MS });
  asks.start();
  const unsubscribe = ledger.wakeUps.onStopRequest((jobId) => {
    for (const attempt of running.attempts) if (attempt.job_id === jobId) return asks.wake();
  });
  return () => {
    unsubscribe();
    return asks.stop();
  };
}
