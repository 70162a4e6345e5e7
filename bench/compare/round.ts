import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Redis as RedisClient } from "ioredis";
import pg from "pg";
import { newDatabase } from "../../tests/servers/new-database.js";
import type { Postgres } from "../../tests/servers/postgres.js";
import type { Redis } from "../../tests/servers/redis.js";
import { holdOldTransaction } from "../ledger/old-transaction.js";
import type { Figures } from "../report.js";
import type { Order } from "./child.js";
import type { Contender } from "./contender.js";
import type { Sizes } from "./measure.js";

const PROGRAM = fileURLToPath(new URL("./child.ts", import.meta.url));

export interface BenchSetup {
  readonly postgres: Postgres;
  readonly redis: Redis;
  /** Handlers at once in each worker. */
  readonly concurrency: number;
}

/** Measures one contender on empty stores. */
export async function measureOnce(
  setup: BenchSetup,
  name: string,
  { uses }: Contender,
  sizes: Sizes,
): Promise<Figures> {
  const throughput = await onEmpty(setup, async (servers) => {
    const before = await storeBytes(setup, servers.databaseUrl);
    const figures = await run({ contender: name, what: "throughput", sizes, ...servers });
    const after = await storeBytes(setup, servers.databaseUrl);
    const jobs = sizes.jobs + sizes.singles;
    return {
      ...figures,
      ...(uses.postgres ? { "WAL bytes a job": (after.wal - before.wal) / jobs } : {}),
      ...(uses.redis ? { "Redis bytes a job": (after.redis - before.redis) / jobs } : {}),
    };
  });
  const latency = await onEmpty(setup, (servers) =>
    run({ contender: name, what: "latency", sizes, ...servers }),
  );
  return { ...throughput, ...latency };
}

/** The same load while another session holds a transaction open that has read and written. */
export async function measureUnderOldTransaction(
  setup: BenchSetup,
  name: string,
  sizes: Sizes,
): Promise<Figures> {
  return await onEmpty(setup, async (servers) => {
    const release = await holdOldTransaction(servers.databaseUrl);
    try {
      const figures = await run({ contender: name, what: "throughput", sizes, ...servers });
      return { "processed/s, old transaction open": figures["processed/s"] ?? Number.NaN };
    } finally {
      await release();
    }
  });
}

async function onEmpty<T>(
  setup: BenchSetup,
  work: (servers: Omit<Order, "contender" | "what" | "sizes">) => Promise<T>,
): Promise<T> {
  const database = await newDatabase(setup.postgres.url);
  const redis = new RedisClient(setup.redis.url);
  await redis.flushall();
  redis.disconnect();
  const dataDir = await mkdtemp(join(tmpdir(), "lockstep-compare-"));
  try {
    return await work({
      databaseUrl: database.url,
      redisUrl: setup.redis.url,
      dataDir,
      concurrency: setup.concurrency,
    });
  } finally {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function run(order: Order): Promise<Figures> {
  const child = fork(PROGRAM, [JSON.stringify(order)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    let figures: Figures | null = null;
    child.once("message", (message) => {
      figures = message as Figures;
    });
    child.once("exit", (code) => {
      if (figures) resolve(figures);
      else reject(new Error(`${order.contender} gave no figures for ${order.what} (exit ${code})`));
    });
  });
}

async function storeBytes(
  { redis }: BenchSetup,
  databaseUrl: string,
): Promise<{ wal: number; redis: number }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ bytes: number }>(
    "select (pg_current_wal_lsn() - '0/0')::double precision as bytes",
  );
  await client.end();
  const store = new RedisClient(redis.url);
  const memory = /used_memory:(\d+)/.exec(await store.info("memory"))?.[1] ?? "NaN";
  store.disconnect();
  return { wal: rows[0]?.bytes ?? Number.NaN, redis: Number(memory) };
}
