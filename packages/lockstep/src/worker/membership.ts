import type { Logger } from "pino";
import type { WorkerLedger, WorkerRegistration } from "../ledger/index.js";
import type { Heartbeat, HeartbeatMode } from "./heartbeat.js";
import { heartbeatInThread } from "./heartbeat-in-thread.js";
import { heartbeatInline } from "./heartbeat-inline.js";
import { type LeaseWatch, watchLease } from "./lease-watch.js";
import type { RunningAttempts } from "./running-attempts.js";

const BEAT_MS_MAX = 10_000;
const RETRY_MS_MAX = 1_000;

export interface MembershipOptions {
  readonly ledger: Pick<WorkerLedger, "register" | "heartbeat">;
  readonly registration: WorkerRegistration;
  readonly leaseSeconds: number;
  readonly heartbeat: HeartbeatMode;
  readonly running: Pick<RunningAttempts, "count" | "stopAll" | "whenIdle">;
  readonly logger: Logger;
  onRegained(): void;
}

/**
 * The worker's membership in the ledger: its registration, its heartbeat, and whether its lease can
 * be trusted.
 */
export class Membership {
  readonly #options: MembershipOptions;
  #heartbeat: Heartbeat | null = null;
  #watch: LeaseWatch | null = null;
  #gone = false;
  #registering = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  /**
   * Whether jobs may be claimed and run: the ledger knows this worker and has received a recent
   * heartbeat.
   */
  get isTrusted(): boolean {
    return this.#watch !== null && !this.#watch.lost && !this.#gone;
  }

  get heartbeatAgeMs(): number | null {
    return this.#heartbeat?.ageMs() ?? null;
  }

  /** @throws what `register` throws */
  async start(): Promise<void> {
    const { ledger, registration, leaseSeconds } = this.#options;
    await ledger.register(registration);
    const heartbeat = this.#beat();
    this.#heartbeat = heartbeat;
    this.#watch = watchLease({
      leaseSeconds,
      ageMs: () => heartbeat.ageMs(),
      onLost: () => this.#giveUp("no heartbeat has reached the ledger for two thirds of the lease"),
      onRegained: () => this.#onRegained(),
    });
  }

  async stop(): Promise<void> {
    this.#watch?.stop();
    this.#watch = null;
    await this.#heartbeat?.stop();
  }

  #beat(): Heartbeat {
    const { ledger, registration, leaseSeconds, heartbeat, logger } = this.#options;
    const beatMs = Math.min(BEAT_MS_MAX, (leaseSeconds * 1_000) / 3);
    const retryMs = Math.min(RETRY_MS_MAX, beatMs / 2);
    const options = {
      workerId: registration.id,
      ledger,
      beatMs,
      retryMs,
      logger,
      onGone: () => this.#onGone(),
    };
    if (heartbeat.mode === "inline") return heartbeatInline(options);
    return heartbeatInThread({ ...options, ...heartbeat });
  }

  #giveUp(why: string): void {
    const { running, logger, registration } = this.#options;
    logger.error({ worker_id: registration.id, running: running.count }, `giving up what runs here: ${why}`);
    running.stopAll("lease_lost");
  }

  /**
   * Its jobs have been given to other workers, or will be. It registers again when it has none
   * left.
   */
  #onGone(): void {
    if (!this.#gone) this.#giveUp("the ledger no longer knows this worker");
    this.#gone = true;
    if (!this.#registering) void this.#registerAgain();
  }

  async #registerAgain(): Promise<void> {
    const { ledger, registration, running, logger } = this.#options;
    this.#registering = true;
    try {
      await running.whenIdle();
      await ledger.register(registration);
      this.#gone = false;
      this.#onRegained();
    } catch (error) {
      logger.warn(
        { err: error, worker_id: registration.id },
        "cannot register again; the next heartbeat tries once more",
      );
    }
    this.#registering = false;
  }

  #onRegained(): void {
    const { logger, registration, onRegained } = this.#options;
    if (!this.isTrusted) return;
    logger.info({ worker_id: registration.id }, "the ledger receives this worker's heartbeat again");
    onRegained();
  }
}
