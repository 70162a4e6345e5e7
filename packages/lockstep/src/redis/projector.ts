import type { Logger } from "pino";
import { DatabaseUnavailableError } from "../errors.js";
import type { FeedPosition, ProjectionSession, ProjectionSource, WakeUps } from "../ledger/index.js";
import { createStartStop, createWakeUp, pause } from "../timing/index.js";
import type { RedisConnection } from "./connection.js";
import { Projection, type ProjectionEvents } from "./projection.js";
import { type ResumedProjection, resumeOrRebuild } from "./resume-or-rebuild.js";
import { ProjectionStore, StartOver } from "./store.js";

/** How long the value of a finished job is kept, in seconds: 7 days. */
export const KEPT_SECONDS_DEFAULT = 604_800;
/** How often a standby asks for the lock. */
const STANDBY_MS = 1_000;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;
/**
 * A rebuild waits as long as the previous one took, so that a Redis that keeps losing its data
 * costs at most half of the time.
 */
const REBUILD_PAUSE_MS_MAX = 30_000;

export interface ProjectorOptions {
  /** `ledger.projection` and `ledger.wakeUps`. */
  readonly ledger: { readonly projection: ProjectionSource; readonly wakeUps: WakeUps };
  readonly redis: RedisConnection;
  /** Prefix of the values' keys. Default `result:`. */
  readonly prefix?: string;
  /** How long the value of a finished job is kept. Default 7 days. */
  readonly ttlSeconds?: number;
  readonly logger?: Logger;
}

export interface ProjectorStatus {
  /**
   * waiting: a side is down. standby: another process projects. rebuilding and current: this
   * process projects.
   */
  readonly state: "stopped" | "waiting" | "standby" | "rebuilding" | "current";
  /** RFC 3339, by this machine's clock. */
  readonly since: string;
  /**
   * Age of the last page's oldest transition when it was read, in seconds. null while another
   * process projects.
   */
  readonly lagSeconds: number | null;
  /** Since this process started. */
  readonly transitions: number;
  readonly completed: number;
  readonly valuesWritten: number;
  readonly rebuilds: number;
  readonly valuesRebuilt: number;
  /** Values that a rebuild removed, because the ledger does not have their jobs or keep them. */
  readonly valuesRemoved: number;
}

/**
 * Maintains the projection of the ledger in Redis, or is the standby while another process does.
 */
export class Projector {
  readonly #options: Required<Omit<ProjectorOptions, "logger">> & Pick<ProjectorOptions, "logger">;
  readonly #wakeUp = createWakeUp();
  readonly #counts = {
    transitions: 0,
    completed: 0,
    valuesWritten: 0,
    rebuilds: 0,
    valuesRebuilt: 0,
    valuesRemoved: 0,
  };
  #state: ProjectorStatus["state"] = "stopped";
  #since = new Date().toISOString();
  #lagSeconds: number | null = null;
  readonly #projecting = createStartStop(async (stopping) => {
    const ended = this.#loop(stopping);
    return async () => await ended;
  });
  #rebuildBegan: number | null = null;
  #rebuildTookMs = 0;
  #removedBefore = 0;
  #failures = 0;
  #lastError: string | null = null;

  constructor(options: ProjectorOptions) {
    this.#options = { prefix: "result:", ttlSeconds: KEPT_SECONDS_DEFAULT, ...options };
  }

  /** Starts in the background. Neither Redis nor the database needs to be up. */
  start(): Promise<void> {
    return this.#projecting.start();
  }

  /** Ends after the current page. May be called more than once. */
  async stop(): Promise<void> {
    await this.#projecting.stop();
    this.#enter("stopped");
  }

  status(): ProjectorStatus {
    const projects = this.#state === "rebuilding" || this.#state === "current";
    const lagSeconds = projects ? this.#lagSeconds : null;
    return { state: this.#state, since: this.#since, lagSeconds, ...this.#counts };
  }

  async #loop(signal: AbortSignal): Promise<void> {
    const unsubscribe = this.#options.ledger.wakeUps.onChange(this.#wakeUp.signal);
    while (!signal.aborted) {
      try {
        await this.#hold(signal);
      } catch (error) {
        this.#enter("waiting");
        this.#report(error);
        await pause(Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** this.#failures++), signal);
      }
    }
    unsubscribe();
  }

  /**
   * Projects for as long as this process has the lock and both sides are up; returns when it cannot
   * project.
   */
  async #hold(signal: AbortSignal): Promise<void> {
    const { ledger, ttlSeconds } = this.#options;
    // A process that cannot reach Redis leaves the lock to those that can.
    if (!(await this.#reachRedis(signal))) return this.#enter("waiting");
    const session = await ledger.projection.acquire(ttlSeconds);
    if (session === null) {
      this.#enter("standby");
      return await pause(STANDBY_MS * (0.5 + Math.random()), signal);
    }
    try {
      await this.#project(session, signal);
    } finally {
      await session.release();
    }
  }

  async #reachRedis(signal: AbortSignal): Promise<boolean> {
    const { redis } = this.#options;
    const isReady = () => redis.isUp && redis.bulk.status === "ready";
    if (isReady()) return true;
    await redis.untilUp(STANDBY_MS, signal);
    if (!isReady()) await pause(RETRY_MS_MIN, signal);
    return isReady();
  }

  async #project(session: ProjectionSession, signal: AbortSignal): Promise<void> {
    const { redis, prefix } = this.#options;
    let refused: FeedPosition | null = null;
    while (!signal.aborted) {
      const store = new ProjectionStore(redis, prefix);
      try {
        const resumed = await this.#resumeOrRebuild(session, store, refused, signal);
        const projection = new Projection({ session, store, wakeUp: this.#wakeUp, events: this.#events });
        await projection.run(resumed, signal);
      } catch (error) {
        if (!(error instanceof StartOver)) throw error;
        refused = error.refused;
        this.#options.logger?.debug({ reason: error.message }, "the projection checks both sides again");
        await pause(RETRY_MS_MIN, signal);
      }
    }
  }

  async #resumeOrRebuild(
    session: ProjectionSession,
    store: ProjectionStore,
    refused: FeedPosition | null,
    signal: AbortSignal,
  ): Promise<ResumedProjection> {
    const onRebuild = (reason: string) => this.#beforeRebuild(reason, signal);
    const resumed = await resumeOrRebuild({ session, store, refused, onRebuild });
    const isReady = resumed.record.phase === "ready";
    if (!isReady) this.#rebuildBegan ??= performance.now();
    this.#enter(isReady ? "current" : "rebuilding");
    return resumed;
  }

  async #beforeRebuild(reason: string, signal: AbortSignal): Promise<void> {
    this.#enter("rebuilding");
    this.#options.logger?.warn({ reason }, "rebuilding the projection in Redis");
    if (this.#rebuildBegan !== null) this.#rebuildTookMs = performance.now() - this.#rebuildBegan;
    await pause(Math.min(REBUILD_PAUSE_MS_MAX, this.#rebuildTookMs), signal);
    this.#rebuildTookMs = 0;
    this.#rebuildBegan = performance.now();
    this.#counts.rebuilds++;
    this.#removedBefore = this.#counts.valuesRemoved;
  }

  readonly #events: ProjectionEvents = {
    onPage: (page, written) => {
      this.#counts.transitions += page.events;
      this.#counts.completed += page.completed;
      this.#counts.valuesWritten += written;
      this.#lagSeconds = page.oldestSeconds;
    },
    onRebuilt: (values) => {
      this.#counts.valuesRebuilt += values;
    },
    onRemoved: (values) => {
      this.#counts.valuesRemoved += values;
    },
    onReady: () => {
      if (this.#rebuildBegan !== null) {
        this.#rebuildTookMs = performance.now() - this.#rebuildBegan;
        this.#options.logger?.info(
          {
            seconds: Math.round(this.#rebuildTookMs / 100) / 10,
            removed: this.#counts.valuesRemoved - this.#removedBefore,
          },
          "the projection in Redis is complete",
        );
      }
      this.#rebuildBegan = null;
      this.#failures = 0;
      this.#lastError = null;
      this.#enter("current");
    },
  };

  #enter(state: ProjectorStatus["state"]): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#since = new Date().toISOString();
  }

  /**
   * An outage is logged once: that of Redis by its health check, that of the database by the
   * server.
   */
  #report(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof DatabaseUnavailableError || !this.#options.redis.isUp) return;
    if (message === this.#lastError) return;
    this.#lastError = message;
    this.#options.logger?.warn({ reason: message }, "cannot update the projection in Redis; trying again");
  }
}
