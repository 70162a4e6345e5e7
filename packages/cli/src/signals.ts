import { constants } from "node:os";
import { EXIT } from "./exit-codes.js";

const STOPPING = ["SIGINT", "SIGTERM"] as const;

/** How a command that cleans up ends. */
export interface StopRequest {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Leaves signals to the process again: the next one ends it at once. */
  ignore(): void;
}

/** The command that cleans up after the first signal, if there is one. */
let onFirst: (() => void) | null = null;

/**
 * Ends the process at SIGINT and SIGTERM, with the exit code that shells use, unless a command
 * cleans up first. It is called before anything else: without a handler, the first process of a
 * container ignores these signals.
 */
export function endOnSignals(): void {
  for (const name of STOPPING)
    process.on(name, () => {
      if (onFirst === null) process.exit(128 + constants.signals[name]);
      onFirst();
    });
}

/**
 * Lets a command clean up after the first signal. A second signal ends the process at once, which
 * loses nothing that was committed.
 * @param onStop called at the first signal
 */
export function stopOnSignal(onStop: () => void = () => undefined): StopRequest {
  const stop = new AbortController();
  onFirst = () => {
    if (stop.signal.aborted) process.exit(EXIT.failed);
    onStop();
    stop.abort();
  };
  return {
    signal: stop.signal,
    ignore() {
      onFirst = null;
    },
  };
}
