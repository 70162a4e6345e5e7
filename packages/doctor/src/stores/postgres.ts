import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { SqlTables } from "./store-connections.js";

const CONNECT_MS_MAX = 5_000;
const STATEMENT_MS_MAX = 30_000;

/** Every value as PostgreSQL writes it: no time loses its microseconds and no number its digits. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text };

/** A pool of two connections to somebody's PostgreSQL. */
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
  // An idle connection that the server closes; the pool has removed it already.
  pool.on("error", () => undefined);
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}
