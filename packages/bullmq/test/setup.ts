import { Queue, type QueueOptions, Worker, type WorkerOptions } from "bullmq";
import { openDatabase } from "lockstep/internal/database";
import { migrate, openLedger } from "lockstep/internal/ledger";
import { pino } from "pino";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { freshDatabase } from "../../../tests/servers/database.js";
import { type Redis, startRedis } from "../../../tests/servers/redis.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { takeAllFrom, takeAway } from "../../lockstep/test/ledger/take-away.js";
import { type Bridge, type BridgeOptions, createBridge, type Processor } from "../src/index.js";

let redis: Redis;
let queues = 0;

/** Starts one Redis server for the test file. */
export function useRedis(): void {
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.remove());
}

export function theRedis(): Redis {
  return redis;
}

export const connection = () => ({ url: redis.url });

export interface Setup {
  /** Registers a function that runs when the test has ended, in reverse order of registration. */
  onCleanup(cleanup: () => Promise<unknown>): void;
  readonly url: string;
  readonly queue: Queue;
  /**
   * The test's own connection to the ledger, so that the test does not have to trust the bridge.
   */
  readonly ledger: ReturnType<typeof openLedger>;
  bridge(options?: Partial<BridgeOptions>): Promise<Bridge>;
  /** Takes a job from the worker that holds it, as the sweeper does when the lease has expired. */
  takeAway(jobId: string): Promise<void>;
  /** Takes every job from a process that was killed. */
  takeAllFrom(pid: number): Promise<void>;
  work(processor: Processor, options?: Partial<WorkerOptions>): Worker;
}

/** A migrated, empty database and an empty queue for this test alone. */
export async function setUp(
  options: {
    queue?: Omit<QueueOptions, "connection">;
    /** For a test that runs at the same time as others. */
    t?: { onTestFinished: typeof onTestFinished };
  } = {},
): Promise<Setup> {
  const cleanups: (() => Promise<unknown>)[] = [];
  (options.t?.onTestFinished ?? onTestFinished)(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const fresh = await freshDatabase();
  const database = await openDatabase({ url: fresh.url, poolSize: 5 });
  await migrate(database);
  const ledger = openLedger(database, { leaseSeconds: 20 });
  const name = `q${queues++}`;
  const queue = new Queue(name, { connection: connection(), ...options.queue });
  cleanups.push(async () => {
    await queue.close();
    await ledger.close();
    await database.close();
    await fresh.drop();
  });
  return {
    url: fresh.url,
    queue,
    ledger,
    takeAway: (jobId) => takeAway(database, jobId),
    takeAllFrom: (pid) => takeAllFrom(database, pid),
    onCleanup: (cleanup) => void cleanups.push(cleanup),
    async bridge(more = {}) {
      const bridge = await createBridge({
        databaseUrl: fresh.url,
        lease: "20s",
        queue,
        reconcileEvery: "1s",
        drainWithin: "1s",
        logger: pino({ level: process.env.LOCKSTEP_TEST_LOG ?? "silent" }),
        ...more,
      } as BridgeOptions);
      cleanups.push(() => bridge.close());
      return bridge;
    },
    work(processor, more = {}) {
      const worker = new Worker(name, processor, {
        connection: connection(),
        concurrency: 5,
        drainDelay: 1,
        stalledInterval: 500,
        lockDuration: 1_000,
        maxStalledCount: 1_000,
        ...more,
      });
      worker.on("error", () => undefined);
      cleanups.push(() => worker.close());
      return worker;
    },
  };
}

/** Waits until an entry is in a state in BullMQ. */
export async function untilEntry(queue: Queue, id: string, state: string): Promise<void> {
  await waitFor(async () => (await queue.getJobState(id)) === state, {
    what: `the entry of ${id} to be ${state}`,
  }).catch(async (error: Error) => {
    throw new Error(`${error.message}; it is ${await queue.getJobState(id)}`);
  });
}

export async function untilStatus({ ledger }: Pick<Setup, "ledger">, id: string, status: string) {
  return await waitFor(
    async () => {
      const job = await ledger.get(id);
      return job?.status === status ? job : null;
    },
    { what: `job ${id} to be ${status}` },
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}; it is ${(await ledger.get(id))?.status}`);
  });
}
