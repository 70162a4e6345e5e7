import type { Database } from "../database/index.js";
import { DatabaseUnavailableError } from "../errors.js";
import { createLoop, createStartStop } from "../timing/index.js";
import {
  databaseClock,
  deleteOld,
  promoteDue,
  sweepDeadEmbedded,
  sweepLost,
  sweepOverdue,
  tidyUp,
} from "./sweep.js";
import type { WakeUpBus } from "./wake-up-bus.js";

const TICK_MS = 1_000;
/**
 * A longer pause between two ticks means that this process or the database was away. So does a tick
 * long before its planned time: the clock was set back.
 */
const GAP_MS_MAX = 3_000;
/**
 * A slow sweep (someone holds an old transaction open) may take at most one twentieth of the time.
 */
const COST_FACTOR = 20;
const TICK_MS_MAX = 10_000;
const DELETE_OLD_EVERY_MS = 3_600_000;
const TIDY_UP_EVERY_MS = 30_000;
const PROMOTE_MS_MAX = 1_000;
const PROMOTE_MS_MIN = 5;
/**
 * Minimum between two runs that wake-ups ask for. A wake-up says that a job is delayed, not until
 * when.
 */
const PROMOTE_MS_WOKEN = 20;

export interface MaintenanceOptions {
  readonly leaseSeconds: number;
  /**
   * Extra time for a live worker after a deadline or a stop request, and for every worker after an
   * outage. Default 10.
   */
  readonly graceSeconds?: number;
  readonly onError?: (error: unknown) => void;
}

/**
 * The reclaim grace period, in milliseconds of the database's own clock (which jumps together with
 * the heartbeats when a machine sleeps). After a start, a gap or a restart of the server, no jobs
 * are taken away until the workers have had time to report.
 */
export interface ReclaimGrace {
  readonly endsAt: number;
  /** The planned time of the next tick. */
  readonly dueAt: number;
  readonly serverStart: string;
}

/** @returns the grace period after a tick at `now`; it is over when `endsAt <= now` */
export function tickReclaimGrace(
  grace: ReclaimGrace | null,
  tick: { readonly now: number; readonly serverStart: string; readonly reclaimGraceMs: number },
): ReclaimGrace {
  const away =
    grace === null || Math.abs(tick.now - grace.dueAt) > GAP_MS_MAX || grace.serverStart !== tick.serverStart;
  return {
    endsAt: away ? tick.now + tick.reclaimGraceMs : grace.endsAt,
    dueAt: tick.now + TICK_MS,
    serverStart: tick.serverStart,
  };
}

/**
 * Runs the sweeper and the promoter. Every server and worker process runs one. Each statement
 * guards itself and skips what another process has locked, so any number may run and no leader is
 * needed.
 */
export class Maintenance {
  readonly #database: Database;
  readonly #wakeUps: WakeUpBus;
  readonly #options: Required<Pick<MaintenanceOptions, "leaseSeconds" | "graceSeconds">> &
    Pick<MaintenanceOptions, "onError">;
  #grace: ReclaimGrace | null = null;
  #deletedOldAt = 0;
  #tidiedUpAt = 0;
  readonly #sweeper = createLoop(() => this.#sweep());
  readonly #promoter = createLoop(() => this.#promote(), { wakeMsMin: PROMOTE_MS_WOKEN });
  readonly #loops = createStartStop((stopping) => this.#begin(stopping));

  constructor(database: Database, wakeUps: WakeUpBus, options: MaintenanceOptions) {
    this.#database = database;
    this.#wakeUps = wakeUps;
    this.#options = { graceSeconds: 10, ...options };
  }

  /**
   * Starts the loops. With the embedded database, jobs of workers that died with the previous owner
   * of the folder are taken back at once.
   */
  start(): Promise<void> {
    return this.#loops.start();
  }

  stop(): Promise<void> {
    return this.#loops.stop();
  }

  async #begin(stopping: AbortSignal): Promise<() => Promise<void>> {
    if (this.#database.engine === "pglite") await sweepDeadEmbedded(this.#database, this.#wakeUps);
    if (stopping.aborted) return async () => undefined;
    const unsubscribe = this.#wakeUps.onReady((wakeUp) => {
      // A job submitted for later has no ready time, and may be due before the promoter runs again.
      if (wakeUp.ready_at === null) this.#promoter.wake();
    });
    this.#sweeper.start();
    this.#promoter.start();
    return async () => {
      unsubscribe();
      await Promise.all([this.#sweeper.stop(), this.#promoter.stop()]);
    };
  }

  /** @returns milliseconds until the next tick */
  async #sweep(): Promise<number> {
    const began = performance.now();
    const ticked = await this.#sweepOnce().then(
      () => true,
      (error: unknown) => this.#report(error),
    );
    const costMs = performance.now() - began;
    const waitMs = Math.min(TICK_MS_MAX, Math.max(TICK_MS, costMs * COST_FACTOR));
    // A failed tick leaves its planned time in the past, so the grace period sees an outage as a
    // gap.
    if (ticked && this.#grace)
      this.#grace = { ...this.#grace, dueAt: this.#grace.dueAt - TICK_MS + waitMs + costMs };
    return waitMs;
  }

  async #sweepOnce(): Promise<void> {
    const { leaseSeconds, graceSeconds } = this.#options;
    const { now, serverStart } = await databaseClock(this.#database);
    this.#grace = tickReclaimGrace(this.#grace, {
      now,
      serverStart,
      reclaimGraceMs: (leaseSeconds + graceSeconds) * 1_000,
    });
    await sweepOverdue(this.#database, this.#wakeUps, graceSeconds);
    if (this.#grace.endsAt <= now) await sweepLost(this.#database, this.#wakeUps, leaseSeconds);
    if (now - this.#tidiedUpAt > TIDY_UP_EVERY_MS) {
      await tidyUp(this.#database);
      this.#tidiedUpAt = now;
    }
    if (now - this.#deletedOldAt > DELETE_OLD_EVERY_MS) {
      await deleteOld(this.#database);
      this.#deletedOldAt = now;
    }
  }

  /** @returns milliseconds until the next run */
  async #promote(): Promise<number> {
    const nextMs = await promoteDue(this.#database, this.#wakeUps).catch((error: unknown) => {
      this.#report(error);
      return null;
    });
    return Math.min(PROMOTE_MS_MAX, Math.max(PROMOTE_MS_MIN, nextMs ?? PROMOTE_MS_MAX));
  }

  #report(error: unknown): void {
    // While the database is away there is nothing to sweep. The next tick tries again, and health
    // reports since when it failed.
    if (!(error instanceof DatabaseUnavailableError)) this.#options.onError?.(error);
  }
}
