import type { Database } from "../database/index.js";
import { DatabaseUnavailableError } from "../errors.js";
import { createLoop, createStartStop } from "../timing/index.js";
import { databaseClock, deleteOld, promoteDue, sweepDeadEmbedded, sweepLost, sweepOverdue } from "./sweep.js";
import type { WakeUpBus } from "./wake-up-bus.js";

const TICK_MS = 1_000;
/** A longer pause between two ticks means that this process, or the database, was away. So does a tick long before its time: the clock was set back. */
const GAP_MS_MAX = 3_000;
/** A sweep that is slow (someone holds an old transaction open) may take one part in twenty of the time. */
const COST_FACTOR = 20;
const TICK_MS_MAX = 10_000;
const DELETE_OLD_EVERY_MS = 3_600_000;
const PROMOTE_MS_MAX = 1_000;
const PROMOTE_MS_MIN = 5;
/** Between two looks that hints ask for. A hint says that a job is delayed, not until when. */
const PROMOTE_MS_WOKEN = 20;

export interface MaintenanceOptions {
  readonly leaseSeconds: number;
  /** What a live worker gets beyond a deadline or a cancel request, and everybody after an outage. Default 10. */
  readonly graceSeconds?: number;
  readonly onError?: (error: unknown) => void;
}

/**
 * The amnesty's clock, in milliseconds of the database's own clock (which jumps with the heartbeats when a machine sleeps).
 * The gate is shut after a start, a gap or a restart of the server, until the workers have had a chance to report.
 */
export interface ReclaimGrace {
  readonly endsAt: number;
  /** When the next tick was planned. */
  readonly dueAt: number;
  readonly serverStart: string;
}

/** @returns the gate after a tick at `now`; it is open when `openAt <= now` */
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
 * Runs the sweeper and the promoter. Every server and worker process runs one: each statement guards itself and skips
 * what another has locked, so any number may run, and there is no leader to lose.
 */
export class Maintenance {
  readonly #database: Database;
  readonly #wakeUps: WakeUpBus;
  readonly #options: Required<Pick<MaintenanceOptions, "leaseSeconds" | "graceSeconds">> &
    Pick<MaintenanceOptions, "onError">;
  #grace: ReclaimGrace | null = null;
  #deletedOldAt = 0;
  readonly #sweeper = createLoop(() => this.#sweep());
  readonly #promoter = createLoop(() => this.#promote(), { wakeMsMin: PROMOTE_MS_WOKEN });
  readonly #loops = createStartStop((stopping) => this.#begin(stopping));

  constructor(database: Database, wakeUps: WakeUpBus, options: MaintenanceOptions) {
    this.#database = database;
    this.#wakeUps = wakeUps;
    this.#options = { graceSeconds: 10, ...options };
  }

  /** Starts the loops. Embedded, jobs of workers that died with the previous owner of the folder are taken at once. */
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
      // A job submitted for later has no ready time, and may be due before the promoter's next look.
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
    // A tick that failed leaves the planned time behind: an outage becomes a gap.
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
    if (now - this.#deletedOldAt > DELETE_OLD_EVERY_MS) {
      await deleteOld(this.#database);
      this.#deletedOldAt = now;
    }
  }

  /** @returns milliseconds until the next look */
  async #promote(): Promise<number> {
    const nextMs = await promoteDue(this.#database, this.#wakeUps).catch((error: unknown) => {
      this.#report(error);
      return null;
    });
    return Math.min(PROMOTE_MS_MAX, Math.max(PROMOTE_MS_MIN, nextMs ?? PROMOTE_MS_MAX));
  }

  #report(error: unknown): void {
    // While the database is away there is nothing to sweep; the next tick tries again, and health says since when.
    if (!(error instanceof DatabaseUnavailableError)) this.#options.onError?.(error);
  }
}
