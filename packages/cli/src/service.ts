import type { Service } from "@lockstep/server/internal/service";
import { LockstepError } from "lockstep/internal/errors";
import type { Logger } from "pino";
import type { Config } from "./config.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { createLogger } from "./log.js";
import type { Terminal } from "./terminal.js";

/** A process that serves until it is asked to stop. */
export interface ServiceOptions {
  readonly config: Config;
  readonly terminal: Terminal;
  /**
   * Starts the process's work and reports that it has started.
   * @param signal aborted when the process is asked to stop
   * @returns whether to continue serving
   */
  start(runtime: Service, signal: AbortSignal): Promise<"serve" | "stop">;
}

/**
 * Opens the runtime, starts it, and serves until SIGINT or SIGTERM; then drains. A second signal
 * ends the process at once, which loses nothing that was committed. An exception that nobody caught
 * also ends it, in the same order and with exit code 1; a rejection that nobody handled does not.
 */
export async function runService({ config, terminal, start }: ServiceOptions): Promise<ExitCode> {
  const logger = createLogger(config.logLevel, terminal);
  const stop = listenForSignals(terminal);
  const faults = await watchFaults(logger);
  try {
    const runtime = await openRuntimeOf(config, logger);
    try {
      const next = await Promise.race([start(runtime, stop.signal), stop.received, faults.fatal]);
      if (next === "serve") await Promise.race([stop.received, faults.fatal]);
    } finally {
      await runtime.close();
    }
  } finally {
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
 */
export async function openRuntimeOf(config: Config, logger: Logger): Promise<Service> {
  const { openService } = await import("@lockstep/server/internal/service");
  return await openService({ ...config, logger });
}

interface StopSignals {
  readonly signal: AbortSignal;
  readonly received: Promise<"stop">;
  ignore(): void;
}

function listenForSignals(terminal: Terminal): StopSignals {
  const first = new AbortController();
  const onSignal = () => {
    if (first.signal.aborted) process.exit(EXIT.failed);
    terminal.note("\nStopping: waiting for running jobs. A second signal stops at once.");
    first.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return {
    signal: first.signal,
    received: new Promise((resolve) =>
      first.signal.addEventListener("abort", () => resolve("stop"), { once: true }),
    ),
    ignore: () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal),
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
