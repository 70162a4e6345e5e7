import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MovableClock, movableClock } from "../tests/servers/movable-clock.js";
import { newDatabase } from "../tests/servers/new-database.js";
import { type Postgres, startPostgres } from "../tests/servers/postgres.js";
import { type Redis, startRedis } from "../tests/servers/redis.js";
import { openWire, type Wire } from "./faults/wire.js";

/**
 * The servers of one run and the wires in front of them. The system sees only the wires; the oracle
 * does not use them.
 */
export interface Place {
  readonly postgres: Postgres;
  readonly redis: Redis;
  /** Direct address of the run's own database, without a wire. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly wires: {
    /** From the API processes to PostgreSQL. */
    readonly apiDatabase: Wire;
    /** From the workers to PostgreSQL. */
    readonly workerDatabase: Wire;
    /** From all processes to Redis. */
    readonly redis: Wire;
  };
  /** PostgreSQL's clock. */
  readonly databaseClock: MovableClock;
  /** The run's own folder; removed at the end. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Starts the servers of a run: durable, as in production. */
export async function openPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-truth-"));
  // PostgreSQL runs as another user, and reads its clock's file in this folder.
  chmodSync(folder, 0o755);
  const databaseClock = movableClock(join(folder, "postgres.clock"));
  const postgres = await startPostgres({
    settings: { max_connections: "200", shared_buffers: "128MB" },
    environment: databaseClock.environment,
  });
  const redis = await startRedis();
  const { url: databaseUrl } = await newDatabase(postgres.url);
  const [apiDatabase, workerDatabase, redisWire] = await Promise.all([
    openWire(databaseUrl),
    openWire(databaseUrl),
    openWire(redis.url),
  ]);
  return {
    postgres,
    redis,
    databaseUrl,
    redisUrl: redis.url,
    wires: { apiDatabase, workerDatabase, redis: redisWire },
    databaseClock,
    folder,
    async close() {
      await Promise.all([apiDatabase.close(), workerDatabase.close(), redisWire.close()]);
      await redis.remove();
      await postgres.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
