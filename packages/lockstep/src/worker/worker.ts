import { LockstepError } from "../errors.js";
import { newId } from "../job/index.js";
import { createLoop, withDeadline } from "../timing/index.js";
import { assemble, spoolFolder, type WorkerComponents } from "./components.js";
import { type CheckedWorkerOptions, validateWorkerOptions, type WorkerOptions } from "./options.js";
import { watchQueues } from "./queue-watch.js";
import { takeOverSpools } from "./spool-takeover.js";
import { watchStopRequests } from "./stop-requests.js";

/** What handlers that were aborted at shutdown get to return before their jobs are given back without them. */
const RELEASE_MS = 2_000;
const SETTLE_MS = 10_000;
const TAKEOVER_MS = 60_000;

export interface WorkerHealth {
  /** It claims nothing although it should: its spool cannot be written, or the ledger has not heard it. */
  readonly degraded: boolean;
  /** Outcomes on this worker's disk that the ledger has not acknowledged. */
  readonly spool_records: number;
  readonly spool_bytes: number;
  /** Handlers that have not returned, runaways included. */
  readonly running: number;
  readonly free_slots: number;
  /** Since the last heartbeat that the ledger took; null before the first. */
  readonly heartbeat_age_ms: number | null;
  readonly draining: boolean;
  /** Handlers that do not stop although their attempt has been settled without them. */
  readonly runaway: number;
}

export interface Worker {
  /** Of this incarnation: the next one has another. */
  readonly id: string;
  /**
   * Registers and begins to claim. Called again it returns the same promise.
   * @throws DatabaseUnavailableError, or the system's error when the data directory cannot be written
   */
  start(): Promise<void>;
  /**
   * Claims no more, lets handlers finish for `drainSeconds`, aborts and gives back the rest, settles everything and
   * leaves. May be called before `start`, and again: with `force` the waiting ends.
   */
  stop(options?: { readonly force?: boolean }): Promise<void>;
  health(): WorkerHealth;
}

/**
 * Creates a worker. It does nothing before `start`.
 * @throws LockstepError INVALID_CONFIG
 */
export function createWorker(options: WorkerOptions): Worker {
  return new JobWorker(validateWorkerOptions(options));
}

class JobWorker implements Worker {
  readonly id = newId();
  readonly #options: CheckedWorkerOptions;
  readonly #components: WorkerComponents;
  readonly #force = new AbortController();
  /** What `stop` ends besides the parts, in this order. */
  readonly #endings: (() => Promise<void>)[] = [];
  #started: Promise<void> | null = null;
  #stopped: Promise<void> | null = null;
  #draining = false;

  constructor(options: CheckedWorkerOptions) {
    this.#options = options;
    this.#components = assemble(this.id, options, () => this.#draining);
  }

  async start(): Promise<void> {
    if (this.#stopped !== null) {
      throw new LockstepError(
        "SHUTTING_DOWN",
        "A worker that was stopped does not start again; create another.",
      );
    }
    this.#started ??= this.#start();
    return await this.#started;
  }

  stop({ force = false }: { readonly force?: boolean } = {}): Promise<void> {
    if (force) this.#force.abort();
    this.#draining = true;
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  health(): WorkerHealth {
    const { guard, membership, running, spool } = this.#components;
    const heartbeatAgeMs = membership.heartbeatAgeMs;
    const isUp = heartbeatAgeMs !== null && !this.#draining;
    return {
      degraded: isUp && (guard.isDegraded || !membership.isTrusted),
      spool_records: spool.records,
      spool_bytes: spool.bytes,
      running: running.count,
      free_slots: Math.max(0, this.#options.concurrency - running.count),
      heartbeat_age_ms: heartbeatAgeMs,
      draining: this.#draining,
      runaway: running.runaways,
    };
  }

  async #start(): Promise<void> {
    const { ledger, logger, queues, concurrency } = this.#options;
    const { spool, membership, guard, running, plan, turnLoops } = this.#components;
    await spool.start();
    try {
      await membership.start();
    } catch (error) {
      await spool.stop();
      throw error;
    }
    guard.start();
    await this.#takeOver();
    const takeovers = createLoop(() => this.#takeOver(), { firstMs: TAKEOVER_MS });
    takeovers.start();
    this.#endings.push(
      () => takeovers.stop(),
      watchStopRequests({ ledger, running, logger }),
      watchQueues({ ledger, plan, queues, logger, onReady: () => turnLoops.wake() }),
      () => guard.stop(),
    );
    turnLoops.start((error) => this.#crash(error));
    logger.info({ worker_id: this.id, queues, concurrency }, "the worker has started");
  }

  async #stop(): Promise<void> {
    if (!(await this.#hasStarted())) return;
    const { ledger, logger, drainSeconds } = this.#options;
    const { running, reporter } = this.#components;
    const announced = ledger.setDraining(this.id).catch((error: unknown) => {
      logger.warn({ err: error, worker_id: this.id }, "cannot tell the ledger that this worker is draining");
    });
    await this.#isDone(running.whenIdle(), drainSeconds * 1_000);
    running.stopAll("shutdown");
    await this.#isDone(running.whenIdle(), RELEASE_MS);
    running.abandonAll();
    await running.whenIdle();
    await this.#settleRest();
    await announced;
    for (const end of this.#endings) await end();
    await reporter.stop();
    await this.#leave();
    logger.info({ worker_id: this.id }, "the worker has stopped");
  }

  async #hasStarted(): Promise<boolean> {
    if (this.#started === null) return false;
    return await this.#started.then(
      () => true,
      () => false, // `start` has told its caller, and has cleaned up.
    );
  }

  /** Waits for something until the time is up or nothing may be waited for. @returns whether it happened */
  #isDone(event: Promise<unknown>, ms: number): Promise<boolean> {
    const happened = event.then(() => true);
    return withDeadline(happened, { ms, signal: this.#force.signal, late: () => false });
  }

  /** Returns when every outcome is recorded, or is on the disk for the next process to record. */
  async #settleRest(): Promise<void> {
    const { logger } = this.#options;
    const { turnLoops, guard, unsettledOutcomes } = this.#components;
    const settled = turnLoops.finish();
    while (!(await this.#isDone(settled, SETTLE_MS))) {
      const facts = { worker_id: this.id, outcomes: unsettledOutcomes.count };
      if (await guard.secure()) {
        logger.warn(facts, "outcomes are left in the spool for the next process");
        break;
      }
      logger.error(facts, "outcomes can be written neither to the ledger nor to the disk");
      if (this.#force.signal.aborted) break;
    }
    await turnLoops.abandon();
    await guard.secure(); // A claim that was answered only now has been given back.
  }

  async #leave(): Promise<void> {
    const { ledger, logger } = this.#options;
    const { membership, unsettledOutcomes, spool } = this.#components;
    await membership.stop();
    // With outcomes left, the lease gives the next process time to record them before their jobs are run again.
    if (unsettledOutcomes.count === 0) {
      await ledger.deregister(this.id).catch((error: unknown) => {
        logger.warn(
          { err: error, worker_id: this.id },
          "cannot deregister; the ledger will find this worker silent",
        );
      });
    }
    await spool.stop();
  }

  async #takeOver(): Promise<number> {
    const { dataDir, logger } = this.#options;
    const { guard, turnLoops } = this.#components;
    try {
      await takeOverSpools({
        folder: spoolFolder(dataDir),
        logger,
        adopt: (records) => guard.adopt(records),
      });
      turnLoops.wake();
    } catch (error) {
      logger.error({ err: error, worker_id: this.id }, "cannot take over the spools of dead processes");
    }
    return TAKEOVER_MS;
  }

  /** A worker whose loop has died and whose heart goes on would hold its jobs for ever. */
  #crash(error: unknown): void {
    this.#options.logger.fatal(
      { err: error, worker_id: this.id },
      "the worker's loop failed; the process ends",
    );
    setImmediate(() => {
      throw error;
    });
  }
}
