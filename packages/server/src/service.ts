/**
 * The composition root of a process that serves: the core's components, and what a server adds to
 * them: metrics, the doctor for Lockstep's own stores, and the HTTP API with the page. Closing goes
 * from the outside in: first no new requests are accepted (servers), then running work is finished
 * (workers), then the components close.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DoctorService } from "@lockstep/doctor";
import type { AnyJobDefinition } from "lockstep/internal/job";
import { openBridgeStore } from "lockstep/internal/ledger";
import {
  closeAll,
  openRuntime,
  type WorkerStart as PartsWorkerStart,
  type Runtime,
  type RuntimeOptions,
  shuttingDown,
} from "lockstep/internal/runtime";
import { createStartGate, type StartGate } from "lockstep/internal/timing";
import type { Worker } from "lockstep/internal/worker";
import type { OpenWorkload } from "lockstep/internal/workload";
import { createBullmqView } from "./bullmq-view.js";
import type { RunningServer } from "./create-server.js";
import { createMetrics, exposeMetrics, type Metrics, type MetricsPort } from "./metrics/index.js";

type RedisModule = typeof import("lockstep/internal/redis");

/** Where the build puts the page, whether this file runs from `dist/` or from `src/`. */
const PAGE_DIR = fileURLToPath(new URL("../dist/public", import.meta.url));

/** The kinds of jobs that a server accepts, or a worker runs. */
interface KindsStart {
  /** Kinds that have only a job definition. Default: none. */
  readonly definitions?: readonly AnyJobDefinition[];
  /** Default: none. */
  readonly workloads?: readonly OpenWorkload[];
}

export interface ServerStart extends KindsStart {
  readonly host: string;
  readonly port: number;
  readonly version: string;
}

export interface WorkerStart extends KindsStart, Omit<PartsWorkerStart, "definitions"> {}

/** The open components of one process that serves or works. */
export interface Service extends Omit<Runtime, "stopWorkers" | "startWorker"> {
  startWorker(options: WorkerStart): Promise<Worker>;
  startServer(options: ServerStart): Promise<RunningServer>;
  /**
   * Exposes metrics on a loopback port, for a process without an API.
   * @returns the address
   */
  exposeMetrics(port: number): Promise<string>;
}

/** Opens the components like `openRuntime`, and adds metrics. */
export async function openService(options: Omit<RuntimeOptions, "meter">): Promise<Service> {
  let metrics: Metrics | null = null;
  const runtime = await openRuntime({
    ...options,
    meter: ({ ledger, redis, projector }) => {
      metrics = createMetrics({ ledger });
      if (redis && projector) metrics.watchRedis({ redis, projector });
      return metrics.meter(ledger);
    },
  });
  const redisModule = runtime.redis && (await import("lockstep/internal/redis"));
  return new OpenService(options, runtime, metrics ?? createMetrics(runtime), redisModule);
}

class OpenService implements Service {
  readonly ledger;
  readonly database;
  readonly keys;
  readonly files;
  readonly redis;
  readonly migrated;
  readonly #options: RuntimeOptions;
  readonly #runtime: Runtime;
  readonly #metrics: Metrics;
  readonly #redisModule: RedisModule | null;
  readonly #doctor: DoctorService;
  readonly #servers: RunningServer[] = [];
  readonly #metricsPorts: MetricsPort[] = [];
  readonly #starts: StartGate;
  #closing: Promise<void> | null = null;

  constructor(options: RuntimeOptions, runtime: Runtime, metrics: Metrics, redisModule: RedisModule | null) {
    const { dataDir, logger } = options;
    const { ledger, database, keys, files, redis, migrated } = runtime;
    this.ledger = ledger;
    this.database = database;
    this.keys = keys;
    this.files = files;
    this.redis = redis;
    this.migrated = migrated;
    this.#options = options;
    this.#starts = createStartGate({ signal: options.signal, reason: shuttingDown });
    this.#runtime = runtime;
    this.#metrics = metrics;
    this.#redisModule = redisModule;
    const copies =
      redis && redisModule?.createCopies({ redis, prefix: this.#prefix, projection: ledger.projection });
    this.#doctor = new DoctorService({
      ledger,
      copies: copies ?? null,
      writes: ledger.doctorWrites,
      stateDir: join(dataDir, "doctor"),
      onError: (error) => logger.error({ err: error }, "the doctor failed"),
    });
    metrics.watchDoctor(this.#doctor);
  }

  get #prefix(): string {
    return this.#options.resultPrefix ?? "result:";
  }

  startServer(start: ServerStart): Promise<RunningServer> {
    return this.#starts.run(async (stopping) => {
      await this.#runtime.startMaintenance();
      await this.#metrics.start();
      // The framework is loaded only where a server starts: a worker does not need it.
      const { createServer } = await import("./create-server.js");
      stopping.throwIfAborted();
      const server = await createServer({ ...this.#serverOptions(), ...start });
      this.#servers.push(server);
      if (this.redis && !stopping.aborted) this.#doctor.start();
      return server;
    });
  }

  #serverOptions() {
    const { leaseSeconds, logger } = this.#options;
    const { ledger, keys, files, redis } = this;
    const cache = redis && this.#redisModule?.createCache({ redis, prefix: this.#prefix });
    return {
      definitions: [],
      ...{ ledger, keys, files, logger, leaseSeconds },
      metrics: this.#metrics,
      pageDir: PAGE_DIR,
      doctor: this.#doctor,
      bullmq: createBullmqView({ store: openBridgeStore(this.database), redis }),
      ...(redis ? { redis } : {}),
      ...(cache ? { cache } : {}),
    };
  }

  startWorker({ definitions = [], workloads = [], ...start }: WorkerStart): Promise<Worker> {
    return this.#starts.run(async () => {
      const offered = workloads.filter((each) => this.#canRun(each)).map(({ job }) => job);
      const worker = await this.#runtime.startWorker({ ...start, definitions: [...definitions, ...offered] });
      this.#metrics.watchWorker(worker);
      return worker;
    });
  }

  recordKinds(definitions: readonly AnyJobDefinition[]): Promise<void> {
    return this.#runtime.recordKinds(definitions);
  }

  startMaintenance(): Promise<void> {
    return this.#runtime.startMaintenance();
  }

  startProjector(): Promise<void> {
    return this.#runtime.startProjector();
  }

  exposeMetrics(port: number): Promise<string> {
    return this.#starts.run(async () => {
      await this.#metrics.start();
      const exposed = await exposeMetrics(this.#metrics, port);
      this.#metricsPorts.push(exposed);
      return exposed.url;
    });
  }

  archive(options: Parameters<Runtime["archive"]>[0]) {
    return this.#runtime.archive(options);
  }

  /** A kind whose programs are not installed here is left to workers on other machines. */
  #canRun({ workload: { kind, programs } }: OpenWorkload): boolean {
    const missing = programs.missing();
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
    // Afterwards no server and no port is added that would stay open.
    await this.#starts.close();
    await closeAll([
      this.#servers.map((server) => () => server.close()),
      [() => this.#runtime.stopWorkers()],
      this.#metricsPorts.map((exposed) => () => exposed.close()),
      [() => this.#doctor.stop()],
      [() => this.#runtime.close()],
    ]);
  }
}
