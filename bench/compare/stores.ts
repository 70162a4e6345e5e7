import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis as RedisClient } from "ioredis";
import { newDatabase } from "../../tests/servers/new-database.js";
import { type Postgres, startPostgres } from "../../tests/servers/postgres.js";
import { type Redis, startRedis } from "../../tests/servers/redis.js";
import type { Figures } from "../report.js";
import type { Order, ServerPids } from "./order.js";
import { compileProgram, runOrder } from "./run-order.js";

/** Enough for the run, and no checkpoint in the middle of one measurement and not of another. */
const SETTINGS = { shared_buffers: "1GB", max_wal_size: "8GB", checkpoint_timeout: "1h" };

export interface Setup {
  readonly postgres: Postgres;
  readonly redis: Redis | null;
  readonly pids: ServerPids;
  /** The program that carries out orders, and the Node.js that runs it. */
  readonly program: string;
  readonly node: string;
}

/** The stores of one contender, empty at first. */
export interface Stores {
  readonly databaseUrl: string;
  run(order: Pick<Order, "contender" | "what" | "sizes" | "concurrency" | "cpuProfile">): Promise<Figures>;
}

export interface SetupOptions {
  readonly redis: boolean;
  /** Default: the Node.js of this process. */
  readonly node?: string;
  /** On top of the settings of every run. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts the servers and removes them after the work. */
export async function withServers<T>(options: SetupOptions, work: (setup: Setup) => Promise<T>): Promise<T> {
  const program = await compileProgram();
  const postgres = await startPostgres({ settings: { ...SETTINGS, ...options.settings } });
  const redis = options.redis ? await startRedis() : null;
  try {
    const pids = { postgres: postgres.pid(), redis: redis && (await redisPid(redis)) };
    return await work({ postgres, redis, pids, program, node: options.node ?? process.execPath });
  } finally {
    await redis?.remove();
    await postgres.remove();
  }
}

/** Runs the work on an empty database, an empty Redis and an empty folder. */
export async function onEmptyStores<T>(setup: Setup, work: (stores: Stores) => Promise<T>): Promise<T> {
  const database = await newDatabase(setup.postgres.url);
  if (setup.redis) await onRedis(setup.redis, (redis) => redis.flushall());
  const dataDir = await mkdtemp(join(tmpdir(), "lockstep-bench-"));
  const servers = { databaseUrl: database.url, redisUrl: setup.redis?.url ?? "", dataDir, pids: setup.pids };
  try {
    return await work({
      databaseUrl: database.url,
      run: (order) => runOrder(setup.program, setup.node, { ...servers, ...order }),
    });
  } finally {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function redisPid(redis: Redis): Promise<number> {
  const info = await onRedis(redis, (client) => client.info("server"));
  return Number(/process_id:(\d+)/.exec(info)?.[1]);
}

/** Bytes of the data in Redis. */
export async function redisBytes(redis: Redis): Promise<number> {
  const info = await onRedis(redis, (client) => client.info("memory"));
  return Number(/used_memory:(\d+)/.exec(info)?.[1]);
}

async function onRedis<T>(redis: Redis, work: (client: RedisClient) => Promise<T>): Promise<T> {
  const client = new RedisClient(redis.url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
