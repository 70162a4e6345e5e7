import { Redis } from "ioredis";
import type { Kysely } from "kysely";
import { connectMysql } from "./mysql.js";
import { connectPostgres } from "./postgres.js";
import { connectSqlite } from "./sqlite.js";
import type { SqlDialect, SqlTables, ViewStores } from "./store-connections.js";

const CONNECT_MS_MAX = 5_000;
const COMMAND_MS_MAX = 15_000;

/**
 * Connections that are opened when first used. `close` closes each of them, even when closing
 * another one fails.
 */
export function openViewStores(): ViewStores {
  const redis = new Map<string, Redis>();
  const sql = new Map<string, Kysely<SqlTables>>();
  return {
    redis: (url) => once(redis, url, () => openRedis(url)),
    sql: (dialect, url, zone = "UTC") =>
      once(sql, `${dialect} ${zone} ${url}`, () => openSql(dialect, url, zone)),
    async close() {
      for (const client of redis.values()) client.disconnect();
      await Promise.allSettled([...sql.values()].map((database) => database.destroy()));
      redis.clear();
      sql.clear();
    },
  };
}

function once<T>(opened: Map<string, T>, key: string, open: () => T): T {
  const there = opened.get(key);
  if (there !== undefined) return there;
  const fresh = open();
  opened.set(key, fresh);
  return fresh;
}

function openSql(dialect: SqlDialect, url: string, zone: string): Kysely<SqlTables> {
  switch (dialect) {
    case "postgres":
      return connectPostgres(url);
    case "mysql":
      return connectMysql(url, zone);
    case "sqlite":
      return connectSqlite(url);
  }
}

function openRedis(url: string): Redis {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS_MAX,
    commandTimeout: COMMAND_MS_MAX,
    connectionName: "lockstep-doctor",
    // A command may have run before its connection broke. Sent again, it could overwrite a later
    // change.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // The ready check uses INFO and prints a warning for a user without that permission. A server
    // that is still loading reports it for each command anyway.
    enableReadyCheck: false,
    // One attempt only: an unreachable store is reported by the check, not waited for.
    retryStrategy: () => null,
  });
  // The command that failed reports the broken connection.
  client.on("error", () => undefined);
  return client;
}
