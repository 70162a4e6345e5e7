import type { Logger } from "pino";
import { type Database, openDatabase } from "./database/index.js";
import { type MigratedDatabase, migrateNowOrLater } from "./database-away.js";
import { LockstepError } from "./errors.js";
import type { RedisConnection } from "./redis/index.js";

type RedisModule = typeof import("./redis/index.js");

/** How long a start without the database waits for Redis. */
const REDIS_MS_MAX = 5_000;

export interface StoreOptions {
  /** null: an embedded database in the data directory. */
  readonly databaseUrl: string | null;
  /** The schema that holds the ledger. Default `lockstep`. */
  readonly schema?: string;
  /** null: no projection; wake-ups between processes go through the database. */
  readonly redisUrl?: string | null;
  readonly dataDir: string;
  /**
   * Whether this process may start while the database is away, if Redis answers. Default false.
   */
  readonly startWithoutDatabase?: boolean;
  readonly logger: Logger;
  /**
   * Aborted when the process must stop. What is starting then ends, and nothing else starts; what
   * has started stays until `close`.
   */
  readonly signal?: AbortSignal;
}

interface OpenRedis {
  readonly module: RedisModule;
  readonly connection: RedisConnection;
}

export interface Stores extends MigratedDatabase {
  /** null: without Redis. */
  readonly redis: OpenRedis | null;
}

/**
 * Opens Redis and the database, and migrates the schema when needed.
 * @throws LockstepError as `openRuntime` says
 */
export async function openStores(options: StoreOptions): Promise<Stores> {
  const { databaseUrl, dataDir, redisUrl = null, logger, signal } = options;
  const throwIfStopping = () => {
    if (signal?.aborted) throw shuttingDown();
  };
  throwIfStopping();
  const module = redisUrl === null ? null : await redisModule();
  let opened: Database | null = null;
  let redis: OpenRedis | null = null;
  try {
    const schema = options.schema === undefined ? {} : { schema: options.schema };
    opened = await openDatabase({
      ...schema,
      ...(databaseUrl === null ? { dataDir } : { url: databaseUrl, log: logger }),
    });
    throwIfStopping();
    if (module !== null && redisUrl !== null)
      redis = { module, connection: module.connectRedis({ url: redisUrl, logger }) };
    const { connection } = redis ?? {};
    const migrated = await migrateNowOrLater(opened, {
      logger,
      canStartWithout: async () =>
        options.startWithoutDatabase === true && (await connection?.untilUp(REDIS_MS_MAX, signal)) === true,
    });
    throwIfStopping();
    return { ...migrated, redis };
  } catch (error) {
    await redis?.connection.close();
    await opened?.close();
    throw error;
  }
}

/** @throws LockstepError INVALID_CONFIG when the optional client is not installed */
async function redisModule(): Promise<RedisModule> {
  const module = await import("./redis/index.js");
  module.redisClient();
  return module;
}

/** The error of a start after the process was asked to stop. */
export function shuttingDown(): LockstepError {
  return new LockstepError("SHUTTING_DOWN", "The process is stopping.");
}
