import type { Dialect } from "./dialect.js";
import { mysql } from "./mysql.js";
import { postgres } from "./postgres.js";
import { sqlite } from "./sqlite.js";

/** Returns the dialect of a database by the scheme of its address. */
export function dialectOf(url: string): Dialect {
  if (/^(mysql|mariadb):/.test(url)) return mysql;
  return /^(sqlite|file):/.test(url) ? sqlite : postgres;
}
