/**
 * The composition root of the package: the only file that knows every module. It opens the
 * components in the order in which they need each other and closes them in the opposite order:
 * first running attempts are finished and recorded (workers), then maintenance stops, and the
 * database closes last. A crash at any point loses nothing: committed work is in the ledger, and
 * the next process finds the rest.
 */
import { join } from "node:path";
import {
  type ArchiveOutcome,
  type ArchiveRunOptions,
  Archiver,
  type ArchiverOptions,
  archiveAndExpire,
  type ExpiryOutcome,
  readRecord,
} from "./archive/index.js";
import type { ArtifactStore } from "./artifacts/index.js";
import type { Database } from "./database/index.js";
import { type FileStoresOptions, openFileStores } from "./file-stores.js";
import type { AnyJobDefinition } from "./job/index.js";
import { createKeyStore, type KeyStore } from "./keys/index.js";
import { type Maintenance, type OpenLedger, openLedger } from "./ledger/index.js";
import { openStores, type StoreOptions, type Stores, shuttingDown } from "./open-stores.js";
import type { Projector, RedisConnection } from "./redis/index.js";
import { Scheduler } from "./schedules/index.js";
import { createLoop, createStartGate, type Loop, type StartGate } from "./timing/index.js";
import type { Worker, WorkerOptions } from "./worker/index.js";

export { shuttingDown } from "./open-stores.js";

/** The objects that metrics observe. */
export interface Watched {
  readonly ledger: OpenLedger;
  readonly redis: RedisConnection | null;
  readonly projector: Projector | null;
}

export interface RuntimeOptions extends FileStoresOptions, StoreOptions {
  /** Prefix of the projection's keys in Redis. Default `result:`. */
  readonly resultPrefix?: string;
  /** Seconds without a heartbeat until a worker is considered lost. */
  readonly leaseSeconds: number;
  /** How long finished jobs stay before a server archives them, in days. Default: forever. */
  readonly retentionDays?: number;
  /** How long an uploaded file stays that nothing refers to, in days. Default 30. */
  readonly fileRetentionDays?: number;
  /** Wraps the ledger that all components use with metrics. Default: no metrics. */
  readonly meter?: (watched: Watched) => OpenLedger;
}

export interface WorkerStart {
  readonly definitions: readonly AnyJobDefinition[];
  readonly concurrency: number;
  /** Empty: all. */
  readonly queues: readonly string[];
}

/**
 * The open components of one process. Once it closes, every start is refused with SHUTTING_DOWN,
 * and one in progress is waited for, so that it leaves nothing behind.
 */
export interface Runtime {
  readonly ledger: OpenLedger;
  readonly database: Database;
  readonly keys: KeyStore;
  readonly files: ArtifactStore;
  /** null: without Redis. */
  readonly redis: RedisConnection | null;
  /** The migrations applied at this start. */
  readonly migrated: readonly string[];
  /**
   * Starts the maintenance (or stands by for it), the projection in Redis, the scheduler, and the
   * archiver if a retention is set. A server does this.
   */
  startMaintenance(): Promise<void>;
  startWorker(options: WorkerStart): Promise<Worker>;
  /**
   * Records the kinds that this process defines, once each. A worker's are recorded when it starts.
   */
  recordKinds(definitions: readonly AnyJobDefinition[]): Promise<void>;
  /**
   * Maintains the projection in Redis, or is the standby while another process does. Does nothing
   * without Redis.
   */
  startProjector(): Promise<void>;
  /**
   * Moves old jobs to the archive, or counts them; then removes unused files.
   * @throws LockstepError ARCHIVE_BUSY
   */
  archive(
    options: Omit<ArchiveRunOptions, "ledger" | "sink">,
  ): Promise<ArchiveOutcome & { readonly removed: ExpiryOutcome | null }>;
  /**
   * Finishes and records running attempts. May be called more than once; `close` does it as well.
   */
  stopWorkers(): Promise<void>;
  /**
   * Closes everything in order. May be called more than once; every component is closed even when
   * an earlier one fails.
   */
  close(): Promise<void>;
}

const SAVE_KEYS_MS = 60_000;
const NOT_DESCRIBED =
  "the input of this kind cannot be described as JSON Schema, so the API does not check it; workers do";

/**
 * Opens the database, migrates its schema when needed and opens the components that use it. With
 * `startWithoutDatabase` the migration may come later, before the first other statement.
 * @throws LockstepError DATA_DIR_LOCKED, SCHEMA_NEWER, SCHEMA_CHANGED, INVALID_CONFIG when an
 *   optional package is missing, SHUTTING_DOWN when the signal is aborted; DatabaseUnavailableError
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const stores = await openStores(options);
  try {
    return new OpenRuntime(options, stores);
  } catch (error) {
    await stores.redis?.connection.close();
    await stores.database.close();
    throw error;
  }
}

class OpenRuntime implements Runtime {
  readonly ledger: OpenLedger;
  readonly keys: KeyStore;
  readonly files: ArtifactStore;
  readonly migrated: readonly string[];
  readonly database: Database;
  readonly redis: RedisConnection | null;
  readonly #options: RuntimeOptions;
  readonly #maintenance: Maintenance;
  readonly #projector: Projector | null;
  readonly #archiving: Pick<ArchiverOptions, "ledger" | "sink" | "expiry">;
  readonly #scheduler: Scheduler;
  readonly #archiver: Archiver | null;
  readonly #keySaves: Loop;
  readonly #workers: Worker[] = [];
  readonly #starts: StartGate;
  #closing: Promise<void> | null = null;

  constructor(options: RuntimeOptions, { database, migrated, redis: from }: Stores) {
    const { leaseSeconds, retentionDays, logger, resultPrefix: prefix = "result:" } = options;
    const redis = from?.connection ?? null;
    // The projector's lock belongs to a database session.
    const projects = from !== null && redis !== null && database.sessions;
    if (redis && !projects) logger.info("behind pgbouncer this process does not run the projector");
    this.#options = options;
    this.#starts = createStartGate({ signal: options.signal, reason: shuttingDown });
    this.database = database;
    this.migrated = migrated;
    const { files, sink } = openFileStores(options);
    this.files = files;
    const ledger = openLedger(database, {
      leaseSeconds,
      readArchive: (place) => readRecord(sink, place),
      ...(from && redis ? { wakeUpTransport: from.module.redisWakeUpTransport({ redis, prefix }) } : {}),
    });
    this.redis = redis;
    this.#projector = projects ? from.module.createProjector({ ledger, redis, prefix, logger }) : null;
    this.ledger = options.meter?.({ ledger, redis, projector: this.#projector }) ?? ledger;
    // Only with Redis can a server answer anything while the database is away.
    this.keys = createKeyStore(database, redis ? join(options.dataDir, "keys.json") : undefined);
    this.#keySaves = createLoop(async () => {
      await this.keys.save().catch((error: unknown) => logger.warn({ err: error }, "cannot save the keys"));
      return SAVE_KEYS_MS;
    });
    this.#maintenance = this.ledger.createMaintenance({
      onError: (error) => logger.error({ err: error }, "the maintenance failed"),
    });
    this.#scheduler = new Scheduler({
      ledger: this.ledger.schedules,
      onNotice: (facts, message) => logger.warn(facts, message),
      onError: (error) => logger.error({ err: error }, "a schedule failed"),
    });
    const unusedMs = (options.fileRetentionDays ?? 30) * 86_400_000;
    const expiry = { references: this.ledger.references, store: files, unusedMs };
    this.#archiving = { ledger: this.ledger.archive, sink, expiry };
    this.#archiver =
      retentionDays === undefined ? null : new Archiver({ ...this.#archiving, retentionDays, log: logger });
  }

  startMaintenance(): Promise<void> {
    return this.#starts.run(async (stopping) => {
      await this.#maintenance.start();
      await this.#projector?.start();
      if (stopping.aborted) return;
      this.#scheduler.start();
      this.#keySaves.start();
      this.#archiver?.start();
    });
  }

  startWorker(start: WorkerStart): Promise<Worker> {
    return this.#starts.run(async (stopping) => {
      await this.#maintenance.start();
      const { createWorker } = await import("./worker/index.js");
      stopping.throwIfAborted();
      await this.recordKinds(start.definitions);
      stopping.throwIfAborted();
      const worker = createWorker(this.#workerOptions(start));
      this.#workers.push(worker);
      // A worker that is asked to stop while it starts claims nothing.
      const stop = () => void worker.stop().catch(() => undefined);
      stopping.addEventListener("abort", stop, { once: true });
      try {
        await worker.start();
      } finally {
        stopping.removeEventListener("abort", stop);
      }
      return worker;
    });
  }

  async recordKinds(definitions: readonly AnyJobDefinition[]): Promise<void> {
    for (const { kind, input_schema } of await this.ledger.kinds.define(definitions))
      if (input_schema === null) this.#options.logger.warn({ kind }, NOT_DESCRIBED);
  }

  #workerOptions(start: WorkerStart): WorkerOptions {
    const { databaseUrl, dataDir, leaseSeconds, logger } = this.#options;
    return {
      ...start,
      ledger: this.ledger,
      artifacts: this.files,
      dataDir,
      leaseSeconds,
      logger,
      // Embedded, the worker and its database are in one process and stop together.
      heartbeat:
        databaseUrl === null
          ? { mode: "inline" }
          : { mode: "thread", databaseUrl, schema: this.database.schema },
    };
  }

  startProjector(): Promise<void> {
    return this.#starts.run(async () => await this.#projector?.start());
  }

  archive(options: Omit<ArchiveRunOptions, "ledger" | "sink">) {
    return archiveAndExpire({ ...options, ...this.#archiving });
  }

  async stopWorkers(): Promise<void> {
    await closeAll([this.#workers.map((worker) => () => worker.stop())]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // Afterwards no worker is added that would stay.
    await this.#starts.close();
    await closeAll([
      [() => this.stopWorkers()],
      [
        () => this.#maintenance.stop(),
        () => this.#scheduler.stop(),
        () => this.#keySaves.stop(),
        async () => this.#archiver?.stop(),
        async () => this.#projector?.stop(),
      ],
      [() => this.ledger.close()],
      [async () => this.redis?.close()],
      [() => this.database.close()],
    ]);
  }
}

/**
 * Runs the stages one after another, and the steps of a stage at the same time. A step that fails
 * does not prevent the others.
 * @throws AggregateError of all failures, at the end
 */
export async function closeAll(stages: readonly (readonly (() => Promise<void>)[])[]): Promise<void> {
  const issues: unknown[] = [];
  for (const steps of stages)
    for (const result of await Promise.allSettled(steps.map((step) => step())))
      if (result.status === "rejected") issues.push(result.reason);
  if (issues.length > 0) throw new AggregateError(issues, "not everything closed cleanly");
}
