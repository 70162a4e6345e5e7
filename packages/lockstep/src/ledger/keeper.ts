import type { Database } from "../database/index.js";
import { DatabaseUnavailableError } from "../errors.js";
import type { HintBus } from "./hints.js";
import { databaseClock, forgetOld, promoteDue, sweepDeadEmbedded, sweepLost, sweepOverdue } from "./sweep.js";

const TICK_MS = 1_000;
/** A longer pause between two ticks means that this process, or the database, was away. So does a tick long before its time: the clock was set back. */
const GAP_MS_MAX = 3_000;
/** A sweep that is slow (someone holds an old transaction open) may take one part in twenty of the time. */
const COST_FACTOR = 20;
const TICK_MS_MAX = 10_000;
const FORGET_EVERY_MS = 3_600_000;
const PROMOTE_MS_MAX = 1_000;
const PROMOTE_MS_MIN = 5;
/** Between two looks that hints ask for. A hint says that a job is delayed, not until when. */
const PROMOTE_MS_HINTED = 20;

export interface KeeperOptions {
  readonly leaseSeconds: number;
  /** What a live worker gets beyond a deadline or a cancel request, and everybody after an outage. Default 10. */
  readonly graceSeconds?: number;
  readonly onError?: (error: unknown) => void;
}

/**
 * The amnesty's clock, in milliseconds of the database's own clock (which jumps with the heartbeats when a machine sleeps).
 * The gate is shut after a start, a gap or a restart of the server, until the workers have had a chance to report.
 */
export interface Gate {
  readonly openAt: number;
  /** When the next tick was planned. */
  readonly dueAt: number;
  readonly serverStart: string;
}

/** @returns the gate after a tick at `now`; it is open when `openAt <= now` */
export function tickGate(
  gate: Gate | null,
  tick: { readonly now: number; readonly serverStart: string; readonly amnestyMs: number },
): Gate {
  const away =
    gate === null || Math.abs(tick.now - gate.dueAt) > GAP_MS_MAX || gate.serverStart !== tick.serverStart;
  return {
    openAt: away ? tick.now + tick.amnestyMs : gate.openAt,
    dueAt: tick.now + TICK_MS,
    serverStart: tick.serverStart,
  };
}

/**
 * Runs the sweeper and the promoter. Every server and worker process runs one: each statement guards itself and skips
 * what another has locked, so any number may run, and there is no leader to lose.
 */
export class Keeper {
  readonly #database: Database;
  readonly #hints: HintBus;
  readonly #options: Required<Pick<KeeperOptions, "leaseSeconds" | "graceSeconds">> &
    Pick<KeeperOptions, "onError">;
  #sweepTimer: NodeJS.Timeout | null = null;
  #promoteTimer: NodeJS.Timeout | null = null;
  #underWay = new Set<Promise<void>>();
  #unsubscribe: (() => void) | null = null;
  #gate: Gate | null = null;
  #forgotAt = 0;
  #running = false;
  #promotedAt = Number.NEGATIVE_INFINITY;
  /** When the next look of the promoter is planned, by `performance.now()`. */
  #promoteAt = 0;
  #promoting = false;
  /** A hint came while the promoter was looking. */
  #promoteAgain = false;

  constructor(database: Database, hints: HintBus, options: KeeperOptions) {
    this.#database = database;
    this.#hints = hints;
    this.#options = { graceSeconds: 10, ...options };
  }

  /** Starts the loops. Embedded, jobs of workers that died with the previous owner of the folder are taken at once. */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    if (this.#database.engine === "pglite") await sweepDeadEmbedded(this.#database, this.#hints);
    this.#unsubscribe = this.#hints.onReady((hint) => {
      // A job submitted for later has no ready time, and may be due before the promoter's next look.
      if (hint.ready_at === null) this.#promoteHinted();
    });
    this.#sweepSoon(0);
    this.#promoteSoon(0);
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#unsubscribe?.();
    if (this.#sweepTimer) clearTimeout(this.#sweepTimer);
    if (this.#promoteTimer) clearTimeout(this.#promoteTimer);
    await Promise.all(this.#underWay);
  }

  #sweepSoon(ms: number): void {
    if (!this.#running) return;
    this.#sweepTimer = setTimeout(() => this.#track(this.#sweep()), ms);
  }

  #promoteSoon(ms: number): void {
    if (!this.#running) return;
    if (this.#promoteTimer) clearTimeout(this.#promoteTimer);
    this.#promoteAt = performance.now() + ms;
    this.#promoteTimer = setTimeout(() => this.#track(this.#promote()), ms);
  }

  #promoteHinted(): void {
    const at = Math.max(performance.now(), this.#promotedAt + PROMOTE_MS_HINTED);
    if (this.#promoting) this.#promoteAgain = true;
    else if (at < this.#promoteAt) this.#promoteSoon(at - performance.now());
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #sweep(): Promise<void> {
    const began = performance.now();
    const ticked = await this.#sweepOnce().then(
      () => true,
      (error: unknown) => this.#report(error),
    );
    const costMs = performance.now() - began;
    const waitMs = Math.min(TICK_MS_MAX, Math.max(TICK_MS, costMs * COST_FACTOR));
    // A tick that failed leaves the planned time behind: an outage becomes a gap.
    if (ticked && this.#gate)
      this.#gate = { ...this.#gate, dueAt: this.#gate.dueAt - TICK_MS + waitMs + costMs };
    this.#sweepSoon(waitMs);
  }

  async #sweepOnce(): Promise<void> {
    const { leaseSeconds, graceSeconds } = this.#options;
    const { now, serverStart } = await databaseClock(this.#database);
    this.#gate = tickGate(this.#gate, { now, serverStart, amnestyMs: (leaseSeconds + graceSeconds) * 1_000 });
    await sweepOverdue(this.#database, this.#hints, graceSeconds);
    if (this.#gate.openAt <= now) await sweepLost(this.#database, this.#hints, leaseSeconds);
    if (now - this.#forgotAt > FORGET_EVERY_MS) {
      await forgetOld(this.#database);
      this.#forgotAt = now;
    }
  }

  async #promote(): Promise<void> {
    let nextMs: number | null = PROMOTE_MS_MAX;
    this.#promoting = true;
    this.#promoteAgain = false;
    this.#promotedAt = performance.now();
    try {
      nextMs = await promoteDue(this.#database, this.#hints);
    } catch (error) {
      this.#report(error);
    }
    this.#promoting = false;
    this.#promoteSoon(Math.min(PROMOTE_MS_MAX, Math.max(PROMOTE_MS_MIN, nextMs ?? PROMOTE_MS_MAX)));
    if (this.#promoteAgain) this.#promoteHinted();
  }

  #report(error: unknown): void {
    // While the database is away there is nothing to sweep; the next tick tries again, and health says since when.
    if (!(error instanceof DatabaseUnavailableError)) this.#options.onError?.(error);
  }
}
