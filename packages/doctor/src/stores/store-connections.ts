import type { Redis } from "ioredis";
import type { Kysely } from "kysely";

/**
 * The connections of one run of the doctor. Views with the same address share one, and all are
 * closed together.
 */
export interface ViewStores {
  /**
   * A connection that connects on first use, never resends a command, and rejects at once when the
   * server cannot be reached.
   */
  redis(url: string): Redis;
  /**
   * A small pool. Every value is returned as text where the driver supports that.
   * @param zone time zone of the session, for engines that convert times (MySQL's TIMESTAMP); `UTC`
   *   or an offset. Default UTC.
   */
  sql(dialect: SqlDialect, url: string, zone?: string): Kysely<SqlTables>;
  close(): Promise<void>;
}

export type SqlDialect = "postgres" | "mysql" | "sqlite";

/** The configuration names the tables, so their types are unknown here. */
export type SqlTables = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
