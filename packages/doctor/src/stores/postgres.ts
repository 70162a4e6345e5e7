import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { SqlTables } from "./store-connections.js";

const CONNECT_MS_MAX = 5_000;
const STATEMENT_MS_MAX = 30_000;

/** Returns every value as text: times keep their microseconds and numbers keep their digits. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text };

/** Opens a pool of two connections to a PostgreSQL server. */
export function connectPostgres(url: string): Kysely<SqlTables> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    application_name: "lockstep-doctor",
    connectionTimeoutMillis: CONNECT_MS_MAX,
    statement_timeout: STATEMENT_MS_MAX,
    query_timeout: STATEMENT_MS_MAX + 5_000,
    types: asText,
  });
  // The server closed an idle connection; the pool has already removed it.
  pool.on("error", () => undefined);
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}
