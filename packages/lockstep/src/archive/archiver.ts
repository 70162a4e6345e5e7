import { LockstepError } from "../errors.js";
import type { ArchiveLedger } from "../ledger/index.js";
import { createLoop, type Loop } from "../timing/index.js";
import { archiveAndExpire, type ExpiryOptions } from "./expire.js";
import type { ArchiveProgress } from "./run.js";
import type { ArchiveSink } from "./sink.js";

/**
 * Minimum time between the ends of two runs, by any process: daily, minus some time for the jitter.
 */
const REST_SECONDS = 23 * 3_600;
/** How often a process checks whether a run is due. */
const CHECK_MS = 3_600_000;
/** Keeps processes that were started together from checking at the same time. */
const JITTER = 0.2;
const FIRST_CHECK_MS = 300_000;
const REPORT_MS = 10_000;

export interface ArchiverOptions {
  readonly ledger: ArchiveLedger;
  readonly sink: ArchiveSink;
  readonly retentionDays: number;
  readonly log: ArchiverLog;
  /** Removes unused files after a run. Default: files stay. */
  readonly expiry?: Omit<ExpiryOptions, "signal">;
  /** Time until the first check. Default: about five minutes. */
  readonly firstCheckMs?: number;
}

/** A logger, by shape. */
export interface ArchiverLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/**
 * Archives once a day. Every server has one. The first to check after a run is due does it, and the
 * others see that it is done.
 */
export class Archiver {
  readonly #options: ArchiverOptions;
  readonly #checks: Loop;

  constructor(options: ArchiverOptions) {
    this.#options = options;
    // Nothing is lost when a process ends before its next check.
    this.#checks = createLoop((stopping) => this.#check(stopping), {
      firstMs: options.firstCheckMs ?? jittered(FIRST_CHECK_MS),
      mayExit: true,
    });
  }

  /** Does nothing when it is already running. */
  start(): void {
    this.#checks.start();
  }

  /** Ends a running archive run after its batch. May be called twice, and before the start. */
  stop(): Promise<void> {
    return this.#checks.stop();
  }

  /** @returns milliseconds until the next check */
  async #check(stopping: AbortSignal): Promise<number> {
    try {
      await this.#archive(stopping);
    } catch (error) {
      // ARCHIVE_BUSY: another process is archiving, or did it today. Otherwise the next check tries
      // again; what was moved stays moved.
      const isBusy = error instanceof LockstepError && error.code === "ARCHIVE_BUSY";
      if (!isBusy) this.#options.log.error({ err: error }, "the archive failed");
    }
    return jittered(CHECK_MS);
  }

  async #archive(stopping: AbortSignal): Promise<void> {
    const { ledger, sink, retentionDays, log, expiry } = this.#options;
    const { removed, ...outcome } = await archiveAndExpire({
      ledger,
      sink,
      expiry,
      olderThanMs: retentionDays * 86_400_000,
      restSeconds: REST_SECONDS,
      signal: stopping,
      onProgress: reportNowAndThen(log),
    });
    if (outcome.archived > 0) log.info(outcome, "finished jobs were archived");
    if (outcome.held > 0) {
      const facts = { held: outcome.held, readers: await ledger.readers() };
      log.warn(facts, "the archive waits for readers of the feed");
    }
    if (removed && removed.jobs + removed.files > 0) log.info(removed, "unused files were removed");
  }
}

function jittered(ms: number): number {
  return ms * (1 - JITTER + Math.random() * 2 * JITTER);
}

function reportNowAndThen(log: ArchiverLog): (progress: ArchiveProgress) => void {
  let reportedAt = performance.now();
  return (progress) => {
    if (performance.now() - reportedAt < REPORT_MS) return;
    reportedAt = performance.now();
    log.info(progress, "archiving");
  };
}
