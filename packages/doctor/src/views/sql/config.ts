import { z } from "zod";
import { DurationText } from "../../config/durations.js";
import { StatusWords } from "../status-words.js";
import { Zone } from "../times.js";
import { SqlAddress } from "./address.js";

const Name = z.string().min(1).max(128);

/** A table with a row for each job. Names are case-sensitive. */
export const SqlConfig = z.strictObject({
  type: z.literal("sql"),
  /**
   * `postgres://user:password@host/database`, `mysql://...` (MariaDB too), or a file:
   * `sqlite:/path/to/file.db`.
   */
  url: SqlAddress,
  schema: Name.optional(),
  table: Name,
  /** The names of the columns. Columns that are not named are not read. */
  columns: z.strictObject({
    id: Name,
    status: Name,
    result: Name.optional(),
    error: Name.optional(),
    attempt: Name.optional(),
    created_at: Name.optional(),
    started_at: Name.optional(),
    finished_at: Name.optional(),
    updated_at: Name.optional(),
    heartbeat_at: Name.optional(),
  }),
  statuses: StatusWords,
  zone: Zone,
  heartbeat: DurationText.prefault("1m"),
});

export type SqlConfig = z.output<typeof SqlConfig>;

export type ColumnRole = keyof SqlConfig["columns"];
