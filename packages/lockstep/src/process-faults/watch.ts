import type { Logger } from "pino";
import { attemptError } from "../job/index.js";
import { currentRun, followRuns } from "./attribution.js";

export interface ProcessFaultsOptions {
  readonly logger: Pick<Logger, "error" | "fatal">;
  /**
   * Called once, after the first exception that nobody caught. The state of the process is unknown
   * from then on: let it stop its workers, which finishes or releases their jobs, and end with an
   * exit code that is not 0.
   */
  onFatal(): void;
}

/**
 * Watches this process for promises that are rejected and exceptions that are thrown while nobody
 * waits for them. Both are logged with the job whose handler started the code, where that is known.
 * A rejection is also added to that job's log, and the process goes on; an exception fails the
 * attempt with HANDLER_FAULT and calls `onFatal`. Handlers that started before are not attributed.
 * `lockstep worker` and `lockstep up` call this; the library does not, because the handlers for the
 * whole process belong to its owner.
 * @returns a function that ends it
 */
export function watchProcessFaults({ logger, onFatal }: ProcessFaultsOptions): () => void {
  let isFatal = false;
  const onRejection = (reason: unknown): void => {
    const error = attemptError(reason);
    logger.error({ ...attributed(), error }, "a promise was rejected and nobody handled it");
    const text = `A promise was rejected and nobody handled it: ${error.name}: ${error.message}`;
    currentRun()?.live?.log(text, "error");
  };
  const onException = (thrown: unknown): void => {
    // Not the thrown value itself: it may have getters that throw, also while it is logged.
    logger.fatal({ ...attributed(), error: attemptError(thrown) }, "an exception was not caught");
    currentRun()?.live?.fail(thrown);
    if (isFatal) return;
    isFatal = true;
    onFatal();
  };
  const unfollow = followRuns();
  process.on("unhandledRejection", onRejection).on("uncaughtException", onException);
  return () => {
    process.off("unhandledRejection", onRejection).off("uncaughtException", onException);
    unfollow();
  };
}

function attributed(): { job_id?: string; attempt?: number; kind?: string } {
  const run = currentRun();
  return run === null ? {} : { job_id: run.job_id, attempt: run.attempt, kind: run.kind };
}
