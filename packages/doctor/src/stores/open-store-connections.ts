import { Redis } from "ioredis";
import type { Kysely } from "kysely";
import { connectMysql } from "./mysql.js";
import { connectPostgres } from "./postgres.js";
import { connectSqlite } from "./sqlite.js";
import type { SqlDialect, SqlTables, ViewStores } from "./store-connections.js";

const CONNECT_MS_MAX = 5_000;
const COMMAND_MS_MAX = 15_000;

/** Connections that are opened when first used. Each is closed by `close`, also when another fails to. */
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
    // A command may have been carried out when its connection broke: sent again it could undo what came after it.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // It asks with INFO, and prints a warning where a user who may only read is refused. A server that is still loading says so to each command.
    enableReadyCheck: false,
    // One attempt, and the check says that it could not read: a store that is away is an answer, not something to wait for.
    retryStrategy: () => null,
  });
  // What a broken connection means is told by the command that failed.
  client.on("error", () => undefined);
  return client;
}
