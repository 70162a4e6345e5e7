import { Redis as Client } from "ioredis";
import { afterEach } from "vitest";
import { DEADLINE_MS } from "../../../../tests/runner/deadline.js";
import { type Redis, startRedis } from "../../../../tests/servers/redis.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { openDatabase } from "../../src/database/index.js";
import type { JobCache } from "../../src/job/index.js";
import { openLedger, type WakeUpTransport } from "../../src/ledger/index.js";
import {
  connectRedis,
  createCache,
  createProjector,
  type Projector,
  type RedisConnection,
  redisWakeUpTransport,
} from "../../src/redis/index.js";
import { type Bench, openBench, openSecond } from "../ledger/engines.js";

/** A ledger, a Redis for this test alone, and a projector between the two. */
export interface Projected extends Bench {
  readonly server: Redis;
  readonly redis: RedisConnection;
  readonly projector: Projector;
  readonly cache: JobCache;
  /** What redis-cli would show. */
  readonly client: Client;
}

export interface ProjectedOptions {
  readonly ttlSeconds?: number;
  readonly prefix?: string;
  /** Whether the projector starts at once. Default: it starts, and the copy is complete. */
  readonly start?: boolean;
}

const cleanups: (() => Promise<unknown>)[] = [];

// Runs before the ledger's own cleanup, because a projector holds one of its sessions.
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function cleanUp(work: () => Promise<unknown>): void {
  cleanups.push(work);
}

export async function openProjected(options: ProjectedOptions = {}): Promise<Projected> {
  const server = await startRedis();
  cleanUp(() => server.remove());
  const redis = connectTo(server);
  const bench = await openBench("postgres", { wakeUpTransport: wakeUpsOver(redis) });
  return await project(bench, server, redis, options);
}

/** The projector of another process, with its own connections. */
export async function openRival(first: Projected, options: ProjectedOptions = {}): Promise<Projected> {
  const redis = connectTo(first.server);
  const bench = await openSecond(first, { wakeUpTransport: wakeUpsOver(redis) });
  return await project(bench, first.server, redis, options);
}

export function connectTo(server: Redis): RedisConnection {
  const redis = connectRedis({ url: server.url });
  cleanUp(() => redis.close());
  return redis;
}

function wakeUpsOver(redis: RedisConnection): WakeUpTransport {
  return redisWakeUpTransport({ redis, prefix: "result:" });
}

export async function project(
  bench: Bench,
  server: Redis,
  redis: RedisConnection,
  options: ProjectedOptions = {},
): Promise<Projected> {
  const { start = true, ...settings } = options;
  const client = new Client(server.url, { retryStrategy: () => 100 });
  client.on("error", () => undefined);
  const projector = createProjector({ ledger: bench.ledger, redis, ...settings });
  cleanUp(async () => {
    await projector.stop();
    client.disconnect();
  });
  await redis.untilUp(DEADLINE_MS);
  const cache = createCache({ redis, ...(options.prefix === undefined ? {} : { prefix: options.prefix }) });
  const projected = { ...bench, server, redis, projector, client, cache };
  if (start) {
    await projector.start();
    await untilState(projected, "current");
  }
  return projected;
}

export async function untilState(
  { projector }: Pick<Projected, "projector">,
  state: ReturnType<Projector["status"]>["state"],
): Promise<void> {
  await waitFor(() => projector.status().state === state, { what: `the projector to be ${state}` });
}

/** The record that describes the copy. */
export async function recordOf({ client }: Projected): Promise<Record<string, unknown> | null> {
  return JSON.parse((await client.get("lockstep:generation")) ?? "null") as Record<string, unknown> | null;
}

/** A job's value as redis-cli shows it, parsed. */
export async function shownValue({ client }: Projected, id: string): Promise<Record<string, unknown> | null> {
  return JSON.parse((await client.get(`result:${id}`)) ?? "null") as Record<string, unknown> | null;
}

/** Waits until the value of a job has the given version. */
export async function untilVersion(
  projected: Projected,
  id: string,
  version: number,
): Promise<Record<string, unknown>> {
  return await waitFor(
    async () => {
      const value = await shownValue(projected, id);
      return value?.version === version ? value : null;
    },
    { what: `version ${version} of ${id} in Redis` },
  );
}

/**
 * Waits until Redis shows the same as the ledger for every job, in the epoch of its record, and has
 * no other jobs.
 */
export async function untilAgree(projected: Projected): Promise<void> {
  let differences: string[] = [];
  await waitFor(
    async () => {
      differences = await compare(projected);
      return differences.length === 0;
    },
    { everyMs: 100, what: "Redis to say what the ledger says" },
  ).catch((error: Error) => {
    throw new Error(
      `${error.message}: ${differences.length} differ, such as ${differences.slice(0, 3).join("; ")}`,
    );
  });
}

async function compare(projected: Projected): Promise<string[]> {
  const { database, client } = projected;
  const record = await recordOf(projected);
  if (record?.phase !== "ready") return [`the record: ${JSON.stringify(record)}`];
  const { rows } = await database.query<{ id: string; status: string; version: number }>(
    "select id, status, version from lockstep.jobs",
  );
  const recorded = new Map(rows.map((row) => [row.id, `${row.status} ${row.version} ${record.epoch}`]));
  const keys = await client.keys("result:*");
  const values = keys.length === 0 ? [] : await client.mget(keys);
  const differences = keys.flatMap((key, index) => {
    const id = key.slice("result:".length);
    const { status, version, epoch } = JSON.parse(values[index] ?? "{}") as Record<string, unknown>;
    const said = `${status} ${version} ${epoch}`;
    const expected = recorded.get(id);
    recorded.delete(id);
    return said === expected ? [] : [`${id}: Redis ${said}, ledger ${expected}`];
  });
  return [...differences, ...[...recorded.keys()].map((id) => `${id}: not in Redis`)];
}

/** Opens a ledger that exists, as a new process does. */
export async function openExisting(url: string): Promise<Bench> {
  const database = await openDatabase({ url });
  const ledger = openLedger(database);
  cleanUp(async () => {
    await ledger.close();
    await database.close();
  });
  return { database, ledger, url };
}
