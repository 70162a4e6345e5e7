import { CompiledQuery, Kysely, MysqlDialect } from "kysely";
import type { SqlTables } from "./store-connections.js";

const CONNECT_MS_MAX = 5_000;

/**
 * A pool of two connections to somebody's MySQL or MariaDB.
 * @param zone what the server converts TIMESTAMP columns to: `UTC` or an offset
 */
export function connectMysql(url: string, zone: string): Kysely<SqlTables> {
  // Loaded by whoever has such a view: the driver alone is 15 MB.
  const pool = async () =>
    (await import("mysql2")).createPool({
      uri: url.replace(/^mariadb:/, "mysql:"),
      connectionLimit: 2,
      connectTimeout: CONNECT_MS_MAX,
      charset: "utf8mb4",
      // Every value as the server writes it: no time loses its microseconds and no number its digits.
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      jsonStrings: true,
      multipleStatements: false,
    });
  const dialect = new MysqlDialect({
    pool,
    async onCreateConnection(connection) {
      // Strict, so that a word an ENUM does not have is refused and not stored as "". Without NO_BACKSLASH_ESCAPES, under which
      // the driver's quoting of values would not hold.
      const settings = "set session sql_mode = 'STRICT_ALL_TABLES', time_zone = ?";
      await connection.executeQuery(CompiledQuery.raw(settings, [/^[+-]/.test(zone) ? zone : "+00:00"]));
    },
  });
  return new Kysely({ dialect });
}
