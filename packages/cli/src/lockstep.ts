/**
 * The composition root: the only file that knows every room. It opens the parts in the order in which they need each
 * other and closes them in the opposite one: first nothing new comes in (server), then what runs is brought to an end
 * and recorded (workers), then the sweeper stops, and the database closes last. A crash at any point loses nothing: what was
 * committed is in the ledger, and what was not is found by the next process.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import {
  type ArchiveOutcome,
  type ArchiveRunOptions,
  Archiver,
  type ArchiverOptions,
  archiveAndExpire,
  type ExpiryOutcome,
  readRecord,
} from "lockstep/internal/archive";
import type { ArtifactStore } from "lockstep/internal/artifacts";
import { createBullmqView } from "@lockstep/server/internal/bullmq-view";
import { type Database, openDatabase } from "lockstep/internal/database";
import { DoctorService } from "@lockstep/doctor";
import type { AnyJobDefinition } from "lockstep/internal/job";
import { createKeyStore, type KeyStore } from "lockstep/internal/keys";
import { type Keeper, migrate, type OpenLedger, openBridgeStore, openLedger } from "lockstep/internal/ledger";
import { createMetrics, exposeMetrics, type Metrics, type MetricsPort } from "@lockstep/server/internal/metrics";
import {
  connectRedis,
  createCache,
  createCopies,
  createProjector,
  type Projector,
  type RedisConnection,
  redisHintTransport,
} from "lockstep/internal/redis";
import { Scheduler } from "lockstep/internal/schedules";
import { createServer, type RunningServer } from "@lockstep/server";
import { openStores, type StoresOptions } from "lockstep/internal/stores";
import { createWorker, type Worker } from "lockstep/internal/worker";
import { dockingJob } from "@lockstep/docking";
import { scanJob } from "@lockstep/scan";

export { sampleDir } from "@lockstep/scan";

export interface PartsOptions extends StoresOptions {
  /** null: an embedded database in the data directory. */
  readonly databaseUrl: string | null;
  /** null: no copies of statuses; hints between processes go through the database. */
  readonly redisUrl?: string | null;
  /** Of the copies' keys in Redis. Default `result:`. */
  readonly resultPrefix?: string;
  /** Seconds until a silent worker is taken for lost. */
  readonly leaseSeconds: number;
  /** How long finished jobs stay before a server archives them. Default: for ever. */
  readonly retentionDays?: number;
  /** How long an uploaded file stays that nothing names. Default 30. */
  readonly fileRetentionDays?: number;
  readonly logger: Logger;
}

/** Where the build puts the page: beside this file once it is compiled, and in `dist/` when it runs from `src/`. */
const PAGE_DIR = fileURLToPath(new URL("../../../dist/web", import.meta.url));

export interface ServerStart {
  readonly definitions: readonly AnyJobDefinition[];
  readonly host: string;
  readonly port: number;
  readonly version: string;
}

export interface WorkerStart {
  readonly definitions: readonly AnyJobDefinition[];
  readonly concurrency: number;
  /** Empty: all. */
  readonly queues: readonly string[];
}

export interface ShippedJobsOptions {
  /** Folders that may be scanned; absolute. */
  readonly scanRoots: readonly string[];
  readonly scanAllowPrivate: boolean;
}

/** The open parts of one process. */
export interface Parts {
  readonly ledger: OpenLedger;
  readonly database: Database;
  readonly keys: KeyStore;
  readonly files: ArtifactStore;
  /** The migrations applied at this start. */
  readonly migrated: readonly string[];
  startServer(options: ServerStart): Promise<RunningServer>;
  startWorker(options: WorkerStart): Promise<Worker>;
  /** Keeps the copies in Redis, or stands by while another process does. A server does it by itself. Nothing without Redis. */
  startProjector(): Promise<void>;
  /** Tells metrics on loopback, for a process without an API. @returns the address */
  exposeMetrics(port: number): Promise<string>;
  /** Moves old jobs to the archive, or counts them; then removes files nobody needs. @throws LockstepError ARCHIVE_BUSY */
  archive(
    options: Omit<ArchiveRunOptions, "ledger" | "sink">,
  ): Promise<ArchiveOutcome & { readonly removed: ExpiryOutcome | null }>;
  /** The kinds of jobs that come with Lockstep. */
  shippedJobs(options: ShippedJobsOptions): readonly AnyJobDefinition[];
  /** Closes everything in order. Repeatable; every part is closed even when one before it fails. */
  close(): Promise<void>;
}

/**
 * Opens the database, brings its schema up to date and opens what works on it.
 * @throws LockstepError DATA_DIR_LOCKED, SCHEMA_NEWER, SCHEMA_CHANGED; DatabaseUnavailableError
 */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const { databaseUrl, dataDir } = options;
  const database = await openDatabase(databaseUrl === null ? { dataDir } : { url: databaseUrl });
  try {
    const { applied } = await migrate(database);
    return new OpenParts(options, database, applied);
  } catch (error) {
    await database.close();
    throw error;
  }
}

class OpenParts implements Parts {
  readonly ledger: OpenLedger;
  readonly keys: KeyStore;
  readonly files: ArtifactStore;
  readonly migrated: readonly string[];
  readonly database: Database;
  readonly #options: PartsOptions;
  readonly #keeper: Keeper;
  readonly #metrics: Metrics;
  readonly #redis: RedisConnection | null;
  readonly #projector: Projector | null;
  readonly #archiving: Pick<ArchiverOptions, "ledger" | "sink" | "expiry">;
  readonly #scheduler: Scheduler;
  readonly #archiver: Archiver | null;
  readonly #doctor: DoctorService;
  readonly #servers: RunningServer[] = [];
  readonly #workers: Worker[] = [];
  readonly #metricsPorts: MetricsPort[] = [];
  #closing: Promise<void> | null = null;

  constructor(options: PartsOptions, database: Database, migrated: readonly string[]) {
    const { dataDir, leaseSeconds, retentionDays, logger } = options;
    const { redisUrl = null, resultPrefix: prefix = "result:" } = options;
    const redis = redisUrl === null ? null : connectRedis({ url: redisUrl, logger });
    // The projector's lock is a session's.
    const projects = redis !== null && database.sessions;
    if (redis && !projects) logger.info("behind pgbouncer this process keeps no copies in Redis");
    this.#options = options;
    this.database = database;
    this.migrated = migrated;
    const { files, sink } = openStores(options);
    this.files = files;
    const ledger = openLedger(database, {
      leaseSeconds,
      readArchive: (place) => readRecord(sink, place),
      ...(redis ? { hintTransport: redisHintTransport({ redis, prefix }) } : {}),
    });
    this.#redis = redis;
    this.#projector = projects ? createProjector({ ledger, redis, prefix, logger }) : null;
    this.#metrics = createMetrics({ ledger });
    this.ledger = this.#metrics.meter(ledger);
    if (redis && this.#projector) this.#metrics.watchRedis({ redis, projector: this.#projector });
    this.keys = createKeyStore(database);
    this.#keeper = this.ledger.createKeeper({
      onError: (error) => logger.error({ err: error }, "the sweeper failed"),
    });
    this.#scheduler = new Scheduler({
      ledger: this.ledger.schedules,
      onNotice: (facts, message) => logger.warn(facts, message),
      onError: (error) => logger.error({ err: error }, "a schedule failed"),
    });
    this.#doctor = new DoctorService({
      ledger,
      copies: redis && createCopies({ redis, prefix, projection: ledger.projection }),
      writes: ledger.doctorWrites,
      stateDir: join(dataDir, "doctor"),
      onError: (error) => logger.error({ err: error }, "the doctor failed"),
    });
    this.#metrics.watchDoctor(this.#doctor);
    const unusedMs = (options.fileRetentionDays ?? 30) * 86_400_000;
    const expiry = { references: this.ledger.references, store: files, unusedMs };
    this.#archiving = { ledger: this.ledger.archive, sink, expiry };
    this.#archiver =
      retentionDays === undefined ? null : new Archiver({ ...this.#archiving, retentionDays, log: logger });
  }

  async startServer(start: ServerStart): Promise<RunningServer> {
    const { leaseSeconds, logger, resultPrefix: prefix = "result:" } = this.#options;
    const redis = this.#redis;
    await this.#keeper.start();
    await this.startProjector();
    await this.#metrics.start();
    const server = await createServer({
      ...start,
      ledger: this.ledger,
      keys: this.keys,
      files: this.files,
      logger,
      leaseSeconds,
      metrics: this.#metrics,
      pageDir: PAGE_DIR,
      doctor: this.#doctor,
      bullmq: createBullmqView({ store: openBridgeStore(this.database), redis }),
      ...(redis ? { redis, cache: createCache({ redis, prefix }) } : {}),
    });
    this.#servers.push(server);
    this.#scheduler.start();
    if (redis) this.#doctor.start();
    this.#archiver?.start();
    return server;
  }

  async startWorker(start: WorkerStart): Promise<Worker> {
    const { databaseUrl, dataDir, leaseSeconds, logger } = this.#options;
    await this.#keeper.start();
    const worker = createWorker({
      ...start,
      definitions: start.definitions.filter((definition) => this.#canRun(definition)),
      ledger: this.ledger,
      artifacts: this.files,
      dataDir,
      leaseSeconds,
      logger,
      // Embedded, the worker and its database share one process and one fate.
      heartbeat: databaseUrl === null ? { mode: "inline" } : { mode: "thread", databaseUrl },
    });
    this.#workers.push(worker);
    this.#metrics.watchWorker(worker);
    await worker.start();
    return worker;
  }

  async startProjector(): Promise<void> {
    await this.#projector?.start();
  }

  async exposeMetrics(port: number): Promise<string> {
    await this.#metrics.start();
    const exposed = await exposeMetrics(this.#metrics, port);
    this.#metricsPorts.push(exposed);
    return exposed.url;
  }

  archive(options: Omit<ArchiveRunOptions, "ledger" | "sink">) {
    return archiveAndExpire({ ...options, ...this.#archiving });
  }

  shippedJobs({ scanRoots, scanAllowPrivate }: ShippedJobsOptions): readonly AnyJobDefinition[] {
    return [
      scanJob({ roots: [...scanRoots], store: this.files, allowPrivateAddresses: scanAllowPrivate }),
      dockingJob({ store: this.files }),
    ];
  }

  /** A kind whose programs are not on this machine is left to workers elsewhere. */
  #canRun({ kind, missingPrograms }: AnyJobDefinition): boolean {
    const missing = missingPrograms();
    if (missing.length === 0) return true;
    const packages = missing.map((each) => each.debian_package);
    const words = missing.map((each) => each.program).join(" and ");
    this.#options.logger.warn(
      { kind, debian_packages: packages },
      `this worker does not offer ${kind}: ${words} not found; on Debian: apt-get install ${packages.join(" ")}`,
    );
    return false;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const faults: unknown[] = [];
    const each = async (steps: readonly (() => Promise<void>)[]) => {
      for (const result of await Promise.allSettled(steps.map((step) => step())))
        if (result.status === "rejected") faults.push(result.reason);
    };
    await each(this.#servers.map((server) => () => server.close()));
    await each(this.#workers.map((worker) => () => worker.stop()));
    await each(this.#metricsPorts.map((exposed) => () => exposed.close()));
    await each([
      () => this.#keeper.stop(),
      () => this.#scheduler.stop(),
      () => this.#doctor.stop(),
      async () => this.#archiver?.stop(),
      async () => this.#projector?.stop(),
    ]);
    await each([() => this.ledger.close()]);
    await each([async () => this.#redis?.close()]);
    await each([() => this.database.close()]);
    if (faults.length > 0) throw new AggregateError(faults, "not everything closed cleanly");
  }
}
