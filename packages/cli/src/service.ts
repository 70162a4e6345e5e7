import type { Service } from "@lockstep/server/internal/service";
import { LockstepError } from "lockstep/internal/errors";
import type { Logger } from "pino";
import type { Config } from "./config.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { createLogger } from "./log.js";
import { stopOnSignal } from "./signals.js";
import type { Terminal } from "./terminal.js";

/**
 * How long a start that is interrupted may take to end. Every statement of a start is ended by the
 * database within this time (its `statement_timeout`), so afterwards nothing of it can appear
 * there.
 */
const START_ENDS_MS = 15_000;

/** A process that serves until it is asked to stop. */
export interface ServiceOptions {
  readonly config: Config;
  readonly terminal: Terminal;
  /** Whether the process may start while the database is away, if Redis answers. Default false. */
  readonly startWithoutDatabase?: boolean;
  /**
   * Starts the process's work and reports that it has started.
   * @param signal aborted when the process is asked to stop
   * @returns whether to continue serving
   */
  start(runtime: Service, signal: AbortSignal): Promise<"serve" | "stop">;
}

/**
 * Opens the runtime, starts it, and serves until SIGINT or SIGTERM; then drains. During the start,
 * a signal ends the start within 15 seconds. A second signal ends the process at once, which loses
 * nothing that was committed. An exception that nobody caught also ends it, in the same order and
 * with exit code 1; a rejection that nobody handled does not.
 */
export async function runService(options: ServiceOptions): Promise<ExitCode> {
  const { config, terminal, start, startWithoutDatabase = false } = options;
  const logger = createLogger(config.logLevel, terminal);
  const stop = stopOnSignal(() =>
    terminal.note("\nStopping: waiting for running jobs. A second signal stops at once."),
  );
  const limit = limitStart(stop.signal, terminal);
  const faults = await watchFaults(logger);
  try {
    const { signal } = stop;
    const opening = openRuntimeOf(config, logger, { signal, startWithoutDatabase });
    const runtime = await unlessStopping(opening, stop.signal, logger);
    if (runtime === null) return EXIT.done;
    try {
      const started = unlessStopping(start(runtime, stop.signal), stop.signal, logger);
      const stopped = Promise.race([aborted(stop.signal), faults.fatal]);
      const next = await Promise.race([started, stopped]);
      if (next !== null) limit.clear();
      if (next === "serve") await stopped;
    } finally {
      await runtime.close();
    }
  } finally {
    limit.clear();
    stop.ignore();
    faults.ignore();
  }
  return faults.isFatal() ? EXIT.failed : EXIT.done;
}

async function watchFaults(logger: Logger) {
  const { watchProcessFaults } = await import("lockstep/internal/process-faults");
  let isFatal = false;
  let onFatal: (next: "stop") => void = () => undefined;
  const fatal = new Promise<"stop">((resolve) => {
    onFatal = resolve;
  });
  const ignore = watchProcessFaults({
    logger,
    onFatal: () => {
      isFatal = true;
      onFatal("stop");
    },
  });
  return { fatal, isFatal: () => isFatal, ignore };
}

/**
 * Loads the server and the library only here: without them, a command that calls the API starts in
 * half the time.
 * @param start.signal aborted when the process is asked to stop
 * @param start.startWithoutDatabase whether it may start while the database is away
 */
export async function openRuntimeOf(
  config: Config,
  logger: Logger,
  start: { readonly signal?: AbortSignal; readonly startWithoutDatabase?: boolean } = {},
): Promise<Service> {
  const { openService } = await import("@lockstep/server/internal/service");
  return await openService({ ...config, logger, ...start });
}

/**
 * Waits for a step of the start.
 * @returns its answer; null when it failed after the process was asked to stop
 */
async function unlessStopping<T>(step: Promise<T>, signal: AbortSignal, logger: Logger): Promise<T | null> {
  try {
    return await step;
  } catch (error) {
    if (!signal.aborted) throw error;
    logger.debug({ err: error }, "the start was interrupted");
    return null;
  }
}

/** Resolves, with null, when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });
}

/** Ends the process when its start has not ended in time after it was asked to stop. */
function limitStart(signal: AbortSignal, terminal: Terminal): { clear(): void } {
  let timer: NodeJS.Timeout | null = null;
  const onAbort = () => {
    timer = setTimeout(() => {
      terminal.note("The start does not end; stopping without it.");
      process.exit(EXIT.failed);
    }, START_ENDS_MS);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    clear() {
      signal.removeEventListener("abort", onAbort);
      if (timer) clearTimeout(timer);
    },
  };
}

/**
 * @throws LockstepError INVALID_CONFIG when the process would need the embedded database, which it
 *   cannot share
 */
export function requireDatabaseUrl(config: Config, command: "server" | "worker"): void {
  if (config.databaseUrl !== null) return;
  const other = command === "server" ? "a worker" : "the API";
  throw new LockstepError(
    "INVALID_CONFIG",
    `lockstep ${command} needs DATABASE_URL: the embedded database belongs to one process, so ${other} in another could not use it. Use lockstep up to run both in one process.`,
  );
}
