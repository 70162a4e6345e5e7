import type { AnyJobDefinition } from "lockstep/internal/job";
import { newId } from "lockstep/internal/job";
import { type Ledger, type Maintenance, openBridgeStore } from "lockstep/internal/ledger";
import { once, pause, withDeadline } from "lockstep/internal/timing";
import { Reporter, watchStopRequests } from "lockstep/internal/worker";
import { type Add, type AddedJob, type AddOptions, createAdder, type NewEntry } from "./add.js";
import { Attempts } from "./attempts.js";
import { BridgeWorker } from "./bridge-worker.js";
import { Entries } from "./entries.js";
import { type BridgeHandler, createHandlers, type HandlerOptions } from "./handlers.js";
import {
  type BridgeOptions,
  type BridgeSource,
  type CheckedBridgeOptions,
  openSource,
  validateBridgeOptions,
} from "./options.js";
import { createProcessor, type Processor } from "./processor.js";
import { Reconciler } from "./reconciler.js";
import { Relay } from "./relay.js";
import { sendReply } from "./reply.js";
import { Settler } from "./settler.js";
import { createSyncMarker } from "./sync-marker.js";

const RELEASE_MS = 2_000;
const ANSWER_MS = 10_000;

export interface ProcessorOptions extends HandlerOptions {
  /** The `concurrency` of the BullMQ worker, shown in the list of workers. Default 1. */
  readonly concurrency?: number;
  /** Runs entries that were not added through a bridge. Default: they fail. */
  readonly foreign?: Processor;
}

export interface BridgeHealth {
  /** Whether this process is the one that copies the queue to BullMQ. */
  readonly relaying: boolean;
  /** Entries that this process found missing in BullMQ and added again. */
  readonly readded: number;
  /** Handlers that have not returned. */
  readonly running: number;
}

/** A queue that BullMQ delivers and whose truth is in the ledger. */
export interface Bridge {
  /**
   * Records a job. When the promise resolves the job is committed (or, with `tx`, is part of your
   * transaction). Its BullMQ entry follows.
   * @throws LockstepError INVALID_INPUT, IDEMPOTENCY_MISMATCH; DatabaseUnavailableError
   */
  readonly add: Add;
  /** All or none, at most 10,000 jobs. */
  addBulk(jobs: readonly NewEntry[], options?: Pick<AddOptions, "tx">): Promise<readonly AddedJob[]>;
  /**
   * The processor for your BullMQ `Worker`. It keeps each job's claim, outcome and retries in the
   * ledger.
   * @param handler one function for every kind, or definitions
   */
  processor(
    handler: BridgeHandler | AnyJobDefinition | readonly AnyJobDefinition[],
    options?: ProcessorOptions,
  ): Processor;
  /** The ledger: get, wait, cancel, requeue, list, explain. */
  readonly ledger: Ledger;
  health(): BridgeHealth;
  /**
   * Stops taking jobs, lets handlers finish for a while, releases the rest and stops copying. Close
   * your BullMQ workers before and your queue after. May be called more than once.
   */
  close(): Promise<void>;
}

/**
 * Connects a BullMQ queue with the ledger, and starts to copy.
 * @throws LockstepError INVALID_CONFIG, SCHEMA_NEWER, SCHEMA_CHANGED; DatabaseUnavailableError
 */
export async function createBridge(options: BridgeOptions): Promise<Bridge> {
  const checked = validateBridgeOptions(options);
  const source = await openSource(options);
  const bridge = new OpenBridge(options, checked, source);
  await bridge.start();
  return bridge;
}

class OpenBridge implements Bridge {
  readonly add: Add;
  readonly addBulk: Bridge["addBulk"];
  readonly ledger: Ledger;
  readonly #checked: CheckedBridgeOptions;
  readonly #source: BridgeSource;
  readonly #attempts: Attempts;
  readonly #settler: Settler;
  readonly #reporter: Reporter;
  readonly #worker: BridgeWorker;
  readonly #relay: Relay;
  readonly #reconciler: Reconciler;
  readonly #maintenance: Maintenance;
  readonly #held = new Set<string>();
  readonly #endStopRequests: () => Promise<void>;
  #draining = false;
  readonly close = once(() => this.#close());

  constructor(options: BridgeOptions, checked: CheckedBridgeOptions, source: BridgeSource) {
    const { queue, ledgerQueue, graceMs, settleMs } = checked;
    const { ledger, files: artifacts } = source;
    const logger = options.logger ?? source.logger;
    this.#checked = checked;
    this.#source = source;
    this.ledger = ledger;
    const store = openBridgeStore(source.database);
    const defaults = queue.opts.defaultJobOptions ?? {};
    ({ add: this.add, addBulk: this.addBulk } = createAdder({ ledger, store, queue: ledgerQueue, defaults }));
    const workerId = newId();
    this.#settler = new Settler({ ledger, logger, giveUpMs: settleMs });
    const onRefused = (attempt: Parameters<Attempts["taken"]>[0]) => this.#attempts.taken(attempt);
    const reporter = new Reporter({ ledger, workerId, logger, onRefused });
    this.#reporter = reporter;
    this.#attempts = new Attempts({
      workerId,
      ledger,
      reporter,
      artifacts,
      graceMs,
      logger,
      onLate: ({ job_id, attempt, claim_token }, outcome) =>
        void this.#settler
          .settle({ job_id, attempt, worker_id: workerId, claim_token, outcome })
          .catch((error: unknown) => logger.error({ err: error, job_id, attempt }, "a late outcome is lost")),
    });
    const { name } = options;
    this.#worker = new BridgeWorker({ source, queue: ledgerQueue, name, attempts: this.#attempts, logger });
    this.#endStopRequests = watchStopRequests({ ledger, running: this.#attempts, logger });
    this.#maintenance = ledger.createMaintenance({
      onError: (error) => logger.error({ err: error }, "the sweeper failed"),
    });
    const entries = new Entries(queue, logger);
    const syncMarker = createSyncMarker(queue);
    const shared = { queue: ledgerQueue, store, entries, syncMarker, logger };
    const everyMs = checked.reconcileMs;
    const isLeading = (): boolean => this.#relay.isLeading;
    this.#reconciler = new Reconciler({ ...shared, everyMs, isLeading });
    const cursor = `bullmq:${queue.qualifiedName}`;
    this.#relay = new Relay({ ...shared, name: cursor, ledger, reconciler: this.#reconciler });
  }

  async start(): Promise<void> {
    await this.#maintenance.start();
    if (!this.#checked.relay) return;
    this.#reconciler.start();
    this.#relay.start();
  }

  processor(
    handler: BridgeHandler | AnyJobDefinition | readonly AnyJobDefinition[],
    options: ProcessorOptions = {},
  ): Processor {
    const handlers = createHandlers(handler, options);
    this.#worker.announce(handlers.kinds, options.concurrency ?? 1);
    const context = {
      ledger: this.ledger,
      attempts: this.#attempts,
      settler: this.#settler,
      membership: this.#worker.membership,
      held: this.#held,
      join: (kind: string) => this.#worker.join(kind),
      isDraining: () => this.#draining,
    };
    return createProcessor(context, handlers, options.foreign ?? failForeign);
  }

  health(): BridgeHealth {
    return {
      relaying: this.#relay.isLeading,
      readded: this.#reconciler.readded,
      running: this.#attempts.count,
    };
  }

  async #close(): Promise<void> {
    this.#draining = true;
    if (this.#worker.joined) await this.ledger.setDraining(this.#attempts.workerId).catch(() => undefined);
    await atMost(this.#attempts.whenIdle(), this.#checked.drainMs);
    this.#attempts.stopAll("shutdown");
    await atMost(this.#attempts.whenIdle(), RELEASE_MS);
    this.#attempts.abandonAll();
    await atMost(this.#whenAnswered(), ANSWER_MS);
    this.#settler.abandon();
    this.#attempts.abandonReports();
    await atMost(this.#whenAnswered(), RELEASE_MS);
    await this.#endStopRequests();
    await atMost(Promise.all([this.#reconciler.stop(), this.#relay.stop()]), ANSWER_MS);
    await this.#maintenance.stop();
    await this.#reporter.stop();
    await this.#worker.leave();
    await this.#source.close();
  }

  /** Resolves when BullMQ has the result of every job that this process held. */
  async #whenAnswered(): Promise<void> {
    while (this.#held.size > 0) await pause(10);
  }
}

const failForeign: Processor = (entry, token) => {
  const message = `The ledger has no job ${JSON.stringify(entry.id)}; this processor runs only jobs that were added through the bridge.`;
  return sendReply(entry, token, {
    type: "failed",
    error: { name: "LockstepError", message, code: "JOB_NOT_FOUND", stack: null },
  });
};

/** Waits for an event, but at most this long. */
function atMost(event: Promise<unknown>, ms: number): Promise<unknown> {
  return withDeadline(event, { ms, late: () => undefined });
}
