/**
 * The single interface to both `pg` and PGlite: query, transaction, one connection, listen. It
 * knows nothing about jobs; the only tables it knows are the migrator's own. Every error that means
 * "the server cannot be reached" leaves this module as DatabaseUnavailableError; every other
 * database error keeps its SQLSTATE.
 */
import { SCHEMA_DEFAULT } from "../schema-name.js";
import type { Database } from "./database.js";
import { inSchema } from "./in-schema.js";
import { openPglite } from "./pglite.js";
import { openPostgres, type PostgresOptions } from "./postgres.js";

export type { Database, DatabaseLog, Queryable, QueryResult, Session, Statement } from "./database.js";
export { isDataError, isUniqueViolation } from "./failure.js";
export { inSchema, textInSchema } from "./in-schema.js";
export {
  functionsOf,
  type Migration,
  type Migrations,
  migrationsOf,
} from "./migration-files.js";
export { type MigrationStep, planMigration } from "./migration-plan.js";
export { migrateDatabase, migrationScript } from "./migrator.js";
export { sqlState } from "./sql-state.js";

export type OpenOptions = { readonly schema?: string } & (
  | PostgresOptions
  | { readonly dataDir: string }
  /** In memory, for tests. `files`: the initial database, as PGlite dumps it. */
  | { readonly dataDir: "memory"; readonly files?: Blob }
);

/**
 * Opens a PostgreSQL by URL, or the embedded one in a folder or in memory.
 * @param options.schema that holds the ledger; default `lockstep`
 * @throws LockstepError DATA_DIR_LOCKED when another process holds the folder; INVALID_CONFIG when
 *   the name of the schema needs quotes
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  return inSchema(await open(options), options.schema ?? SCHEMA_DEFAULT);
}

async function open(options: OpenOptions): Promise<Database> {
  if ("url" in options) return openPostgres(options);
  if (options.dataDir !== "memory") return openPglite(options.dataDir);
  return openPglite(undefined, "files" in options ? options.files : undefined);
}
