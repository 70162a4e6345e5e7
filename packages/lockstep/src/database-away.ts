import type { Logger } from "pino";
import type { Database } from "./database/index.js";
import { DatabaseUnavailableError } from "./errors.js";
import { migrate } from "./ledger/index.js";

export interface MigratedDatabase {
  readonly database: Database;
  /** The migrations applied at this start. */
  readonly migrated: readonly string[];
}

interface MigrateOptions {
  readonly logger: Logger;
  /** Asked only when the database is away: whether this process can do anything without it. */
  canStartWithout(): Promise<boolean>;
}

/**
 * Brings the schema up to date. If the database is away and the process can start without it, that
 * happens at the first call that reaches it; until then each call is refused as in any outage.
 * @throws LockstepError SCHEMA_NEWER, SCHEMA_CHANGED, SCHEMA_OLD; DatabaseUnavailableError
 */
export async function migrateNowOrLater(
  database: Database,
  { logger, canStartWithout }: MigrateOptions,
): Promise<MigratedDatabase> {
  try {
    return { database, migrated: (await migrate(database)).applied };
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError) || !(await canStartWithout())) throw error;
    logger.warn({ reason: error.message }, "starting without the database; statuses come from Redis");
    return { database: migratedOnReturn(database, logger), migrated: [] };
  }
}

/**
 * The same database, whose schema is brought up to date before the first other statement. When the
 * schema turns out to be one that this program must not use, every call fails with that error.
 */
function migratedOnReturn(database: Database, logger: Logger): Database {
  let isReady = false;
  let attempt: Promise<void> | null = null;
  const prepare = async () => {
    try {
      const { applied } = await migrate(database);
      isReady = true;
      logger.info({ migrated: applied }, "the database is there");
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError))
        logger.error({ err: error }, "the database is there, but this program cannot use it");
      throw error;
    } finally {
      attempt = null;
    }
  };
  const ready = async () => {
    if (isReady) return;
    attempt ??= prepare();
    await attempt;
  };
  return {
    ...database,
    query: async (statement, values) => {
      await ready();
      return await database.query(statement, values);
    },
    transaction: async (work) => {
      await ready();
      return await database.transaction(work);
    },
    connect: async () => {
      await ready();
      return await database.connect();
    },
  };
}
