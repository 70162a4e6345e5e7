import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis as RedisClient } from "ioredis";
import pg from "pg";
import { type Postgres, startPostgres } from "../servers/postgres.js";
import { type Redis, startRedis } from "../servers/redis.js";
import { freePort } from "../servers/server-process.js";
import { Machine } from "./machine.js";

const LEASE_SECONDS = 6;

/** Two servers and two workers, each a separate process, on their own PostgreSQL and Redis. */
export interface Cluster {
  readonly postgres: Postgres;
  readonly redisServer: Redis;
  readonly servers: readonly [Machine, Machine];
  readonly workers: readonly [Machine, Machine];
  readonly urls: readonly string[];
  readonly leaseSeconds: number;
  /** What psql would show; a new connection each time. */
  sql<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** What redis-cli would show. */
  readonly redis: RedisClient;
  remove(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const [postgres, redisServer, dataDir] = await Promise.all([
    startPostgres(),
    startRedis(),
    mkdtemp(join(tmpdir(), "lockstep-machines-")),
  ]);
  const redis = new RedisClient(redisServer.url, { retryStrategy: () => 100 });
  redis.on("error", () => undefined);
  const shared = { databaseUrl: postgres.url, redisUrl: redisServer.url, leaseSeconds: LEASE_SECONDS };
  const machine = async (role: "server" | "worker", name: string) =>
    new Machine({ ...shared, role, dataDir: join(dataDir, name), port: await freePort() });
  const servers = [await machine("server", "s1"), await machine("server", "s2")] as const;
  const workers = [await machine("worker", "w1"), await machine("worker", "w2")] as const;
  await Promise.all([...servers, ...workers].map((each) => each.start()));
  return {
    postgres,
    redisServer,
    servers,
    workers,
    urls: servers.map((server) => server.url),
    leaseSeconds: LEASE_SECONDS,
    redis,
    async sql<Row>(text: string, values: readonly unknown[] = []) {
      const client = new pg.Client({ connectionString: postgres.url });
      await client.connect();
      try {
        return (await client.query(text, [...values])).rows as Row[];
      } finally {
        await client.end();
      }
    },
    async remove() {
      await Promise.all([...servers, ...workers].map((each) => each.end("SIGKILL")));
      redis.disconnect();
      await Promise.all([postgres.remove(), redisServer.remove()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
