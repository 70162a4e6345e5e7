import type { Redis } from "ioredis";
import type { Kysely } from "kysely";

/** The connections of one run of the doctor. Views with the same address share one, and all are closed together. */
export interface ViewStores {
  /** A connection that connects when first used, sends nothing twice, and rejects at once when it cannot be reached. */
  redis(url: string): Redis;
  /**
   * A small pool. Every value comes back as the driver's text where the driver can do that.
   * @param zone of the session, where the engine converts times to one (MySQL's TIMESTAMP); `UTC` or an offset. Default UTC.
   */
  sql(dialect: SqlDialect, url: string, zone?: string): Kysely<SqlTables>;
  close(): Promise<void>;
}

export type SqlDialect = "postgres" | "mysql" | "sqlite";

/** The tables are the configuration's, so their types are not known here. */
export type SqlTables = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
