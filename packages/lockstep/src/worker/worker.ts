import { LockstepError } from "../errors.js";
import { newId } from "../job/index.js";
import { createLoop, withDeadline } from "../timing/index.js";
import { assemble, spoolFolder, type WorkerComponents } from "./components.js";
import { type CheckedWorkerOptions, validateWorkerOptions, type WorkerOptions } from "./options.js";
import { watchQueues } from "./queue-watch.js";
import { createSpoolTakeover } from "./spool-takeover.js";
import { watchStopRequests } from "./stop-requests.js";

/**
 * Time that handlers aborted at shutdown have to return before their jobs are released without
 * them.
 */
const RELEASE_MS = 2_000;
const SETTLE_MS = 10_000;
const TAKEOVER_MS = 60_000;

export interface WorkerHealth {
  /**
   * It claims nothing although it should: its spool cannot be written, or its heartbeat does not
   * reach the ledger.
   */
  readonly degraded: boolean;
  /** Outcomes on this worker's disk that the ledger has not acknowledged. */
  readonly spool_records: number;
  readonly spool_bytes: number;
  /** Handlers that have not returned, including runaways. */
  readonly running: number;
  readonly free_slots: number;
  /** Since the last successful heartbeat; null before the first. */
  readonly heartbeat_age_ms: number | null;
  readonly draining: boolean;
  /** Handlers that do not stop although their attempt has been settled without them. */
  readonly runaway: number;
}

export interface Worker {
  /** Id of this incarnation: the next one has another. */
  readonly id: string;
  /**
   * Registers and begins to claim. A second call returns the same promise.
   * @throws DatabaseUnavailableError, or the system's error when the data directory cannot be
   *   written
   */
  start(): Promise<void>;
  /**
   * Stops claiming, lets handlers finish for `drainSeconds`, aborts and releases the rest, settles
   * everything and deregisters. May be called before `start`, and more than once: `force` ends the
   * waiting.
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
  /** Functions that `stop` calls besides stopping the components, in this order. */
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
    const ledgerId = await ledger.identity();
    await spool.start(ledgerId);
    try {
      await membership.start();
    } catch (error) {
      await spool.stop();
      throw error;
    }
    guard.start();
    const takeOver = this.#takeoverOf(ledgerId);
    await takeOver();
    const takeovers = createLoop(takeOver, { firstMs: TAKEOVER_MS });
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
      logger.warn(
        { err: error, worker_id: this.id },
        "cannot report to the ledger that this worker is draining",
      );
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
      () => false, // `start` has rejected and has cleaned up.
    );
  }

  /**
   * Waits for an event until the time is up or a forced stop ends all waiting.
   * @returns whether the event happened
   */
  #isDone(event: Promise<unknown>, ms: number): Promise<boolean> {
    const happened = event.then(() => true);
    return withDeadline(happened, { ms, signal: this.#force.signal, late: () => false });
  }

  /** Returns when every outcome is recorded, or is on the disk for the next process. */
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
    await guard.secure(); // Includes a claim answered only now, which was released.
  }

  async #leave(): Promise<void> {
    const { ledger, logger } = this.#options;
    const { membership, unsettledOutcomes, spool } = this.#components;
    await membership.stop();
    // If outcomes are left, the lease gives the next process time to record them before their jobs
    // run again.
    if (unsettledOutcomes.count === 0) {
      await ledger.deregister(this.id).catch((error: unknown) => {
        logger.warn(
          { err: error, worker_id: this.id },
          "cannot deregister; the ledger will consider this worker lost",
        );
      });
    }
    await spool.stop();
  }

  /** The repeated work of taking over the spools of dead processes of this ledger. */
  #takeoverOf(ledgerId: string): () => Promise<number> {
    const { dataDir, logger } = this.#options;
    const { guard, turnLoops } = this.#components;
    const takeOver = createSpoolTakeover({
      folder: spoolFolder(dataDir),
      ledgerId,
      logger,
      adopt: (records) => guard.adopt(records),
    });
    return async () => {
      try {
        await takeOver();
        turnLoops.wake();
      } catch (error) {
        logger.error({ err: error, worker_id: this.id }, "cannot take over the spools of dead processes");
      }
      return TAKEOVER_MS;
    };
  }

  /** If the loop has died but the heartbeat continued, the worker would hold its jobs forever. */
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
