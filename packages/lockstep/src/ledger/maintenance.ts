import type { Database } from "../database/index.js";
import { DatabaseUnavailableError } from "../errors.js";
import { createLoop, createStartStop } from "../timing/index.js";
import { clockAt, type WatchedClock } from "./clock-watch.js";
import { dismissLeader, Election } from "./election.js";
import {
  deleteOld,
  promoteDue,
  shiftBackoffs,
  sweepDeadEmbedded,
  sweepLost,
  sweepOverdue,
  tidyUp,
} from "./sweep.js";
import type { WakeUpBus } from "./wake-up-bus.js";

const TICK_MS = 1_000;
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
 * Whether jobs may be taken away now. After a start, a gap, a restart of the server or a step of
 * its clock they stay for the reclaim grace period, until the workers have had time to report.
 */
export function mayReclaim(clock: WatchedClock, reclaimGraceMs: number): boolean {
  return clock.now - clock.steadySince >= reclaimGraceMs;
}

/**
 * The sweeper and the promoter. Every server and worker process has one, and one of them is elected
 * to work; the others stand by. Each statement guards itself and skips what another process has
 * locked, because a leader that was replaced may still run one.
 */
export class Maintenance {
  readonly #database: Database;
  readonly #wakeUps: WakeUpBus;
  readonly #options: Required<Pick<MaintenanceOptions, "leaseSeconds" | "graceSeconds">> &
    Pick<MaintenanceOptions, "onError">;
  readonly #election: Election;
  #shiftedFor = 0;
  #deletedOldAt = Number.NEGATIVE_INFINITY;
  #tidiedUpAt = Number.NEGATIVE_INFINITY;
  readonly #sweeper = createLoop(() => this.#sweep());
  readonly #promoter = createLoop(() => this.#promote(), { wakeMsMin: PROMOTE_MS_WOKEN });
  readonly #loops = createStartStop((stopping) => this.#begin(stopping));

  constructor(database: Database, wakeUps: WakeUpBus, options: MaintenanceOptions) {
    this.#database = database;
    this.#wakeUps = wakeUps;
    this.#options = { graceSeconds: 10, ...options };
    this.#election = new Election({
      database,
      onElected: () => {
        this.#sweeper.start();
        this.#promoter.start();
      },
      onReplaced: () => void this.#endWork(),
      onError: (error) => this.#report(error),
    });
  }

  /** Whether this process is the elected one. */
  get leads(): boolean {
    return this.#election.leads;
  }

  /**
   * Stands by, or begins to work. With the embedded database, jobs of workers that died with the
   * previous owner of the folder are taken back at once.
   */
  start(): Promise<void> {
    return this.#loops.start();
  }

  /** Ends the work, and lets another process take over. */
  stop(): Promise<void> {
    return this.#loops.stop();
  }

  async #begin(stopping: AbortSignal): Promise<() => Promise<void>> {
    if (this.#database.engine === "pglite") {
      await sweepDeadEmbedded(this.#database, this.#wakeUps);
      await dismissLeader(this.#database);
    }
    if (stopping.aborted) return async () => undefined;
    const unsubscribe = this.#wakeUps.onReady((wakeUp) => {
      // A job submitted for later has no ready time, and may be due before the promoter runs again.
      if (wakeUp.ready_at === null) this.#promoter.wake();
    });
    this.#election.start();
    return async () => {
      unsubscribe();
      const { leads } = this.#election;
      await this.#election.stop();
      await this.#endWork();
      if (leads) await this.#election.leave();
    };
  }

  async #endWork(): Promise<void> {
    await Promise.all([this.#sweeper.stop(), this.#promoter.stop()]);
  }

  /** @returns milliseconds until the next tick */
  async #sweep(): Promise<number> {
    const began = performance.now();
    await this.#sweepOnce(began).catch((error: unknown) => this.#report(error));
    const costMs = performance.now() - began;
    return Math.min(TICK_MS_MAX, Math.max(TICK_MS, costMs * COST_FACTOR));
  }

  async #sweepOnce(beganMs: number): Promise<void> {
    const { clock } = this.#election;
    if (clock === null) return;
    const { leaseSeconds, graceSeconds } = this.#options;
    const nowMs = () => clockAt(clock, performance.now());
    if (this.#shiftedFor !== clock.steadySince) {
      await shiftBackoffs(this.#database);
      this.#shiftedFor = clock.steadySince;
    }
    if (mayReclaim(clock, (leaseSeconds + graceSeconds) * 1_000)) {
      const { steadySince } = clock;
      await sweepOverdue(this.#database, this.#wakeUps, graceSeconds, { steadySince, nowMs: nowMs() });
      await sweepLost(this.#database, this.#wakeUps, leaseSeconds, nowMs());
    }
    if (beganMs - this.#tidiedUpAt > TIDY_UP_EVERY_MS) {
      await tidyUp(this.#database);
      this.#tidiedUpAt = beganMs;
    }
    if (beganMs - this.#deletedOldAt > DELETE_OLD_EVERY_MS) {
      await deleteOld(this.#database);
      this.#deletedOldAt = beganMs;
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
