import { CompiledQuery, Kysely, MysqlDialect } from "kysely";
import type { SqlTables } from "./store-connections.js";

const CONNECT_MS_MAX = 5_000;

/**
 * Opens a pool of two connections to a MySQL or MariaDB server.
 * @param zone the time zone into which the server converts TIMESTAMP columns: `UTC` or an offset
 */
export function connectMysql(url: string, zone: string): Kysely<SqlTables> {
  // Loaded only for such a view: the driver alone takes 15 MB.
  const pool = async () =>
    (await import("mysql2")).createPool({
      uri: url.replace(/^mariadb:/, "mysql:"),
      connectionLimit: 2,
      connectTimeout: CONNECT_MS_MAX,
      charset: "utf8mb4",
      // Every value as text: times keep their microseconds and numbers keep their digits.
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      jsonStrings: true,
      multipleStatements: false,
    });
  const dialect = new MysqlDialect({
    pool,
    async onCreateConnection(connection) {
      // Strict, so that a word an ENUM lacks is refused and not stored as "". Without
      // NO_BACKSLASH_ESCAPES, under which the driver's quoting of values would be unsafe.
      const settings = "set session sql_mode = 'STRICT_ALL_TABLES', time_zone = ?";
      await connection.executeQuery(CompiledQuery.raw(settings, [/^[+-]/.test(zone) ? zone : "+00:00"]));
    },
  });
  return new Kysely({ dialect });
}
