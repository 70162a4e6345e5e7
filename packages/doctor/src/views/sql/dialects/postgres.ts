import { sql } from "kysely";
import { z } from "zod";
import type { ColumnFacts, Dialect } from "./dialect.js";

const TYPES: Readonly<Record<string, ColumnFacts["type"]>> = {
  uuid: "uuid",
  int2: "integer",
  int4: "integer",
  int8: "integer",
  text: "text",
  varchar: "text",
  bpchar: "text",
  json: "json",
  jsonb: "json",
  timestamptz: "zoned",
  timestamp: "local",
};

const Column = z.object({
  name: z.string(),
  type: z.string(),
  is_unique: z.stringbool({ truthy: ["true"], falsy: ["false"] }),
  words: z.string().nullable(),
  rows: z.coerce.number(),
});

/** PostgreSQL 12 and newer. Rows are compared by `xmin`, which differs after each change. */
export const postgres: Dialect = {
  store: "postgres",
  rowFingerprint: sql<string>`xmin::text`,
  isOneOf: (column, ids, type) =>
    type === "integer"
      ? sql<boolean>`${column} = any(${ids}::bigint[])`
      : sql<boolean>`${column} = any(${ids})`,
  isSame: (column, value) => sql<boolean>`${column} is not distinct from ${value}`,
  reading: (database, work) =>
    database.transaction().setAccessMode("read only").setIsolationLevel("read committed").execute(work),

  async describe(database, { schema, table }) {
    const { rows } = await sql`
      select
        a.attname as name,
        t.typname as type,
        exists (
          select 1 from pg_index x
          where x.indrelid = c.oid and x.indisunique and x.indisvalid and x.indpred is null
            and x.indnkeyatts = 1 and x.indkey[0] = a.attnum
        )::text as is_unique,
        (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)::text as words,
        c.reltuples::bigint::text as rows
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
      where c.relname = ${table}
        and c.relkind in ('r', 'p')
        and ${schema === null ? sql`pg_table_is_visible(c.oid)` : sql`n.nspname = ${schema}`}
    `.execute(database);
    if (rows.length === 0) return null;
    const columns = z.array(Column).parse(rows);
    return {
      columns: new Map(
        columns.map(({ name, type, is_unique, words }) => [
          name,
          {
            type: TYPES[type] ?? "other",
            isUnique: is_unique,
            words: words === null ? null : z.array(z.string()).parse(JSON.parse(words)),
          },
        ]),
      ),
      rowEstimate: (columns[0]?.rows ?? -1) < 0 ? null : (columns[0]?.rows ?? null),
    };
  },

  async writeObstacle(database) {
    const { rows } = await sql<{ replica: string }>`select pg_is_in_recovery()::text as replica`.execute(
      database,
    );
    return rows[0]?.replica === "false"
      ? null
      : "this PostgreSQL is a replica: repairs belong to its primary";
  },

  refusalOf(error) {
    const state = error instanceof Error && "code" in error ? String(error.code) : "";
    return /^2[23]\w{3}$/.test(state) ? `SQLSTATE ${state}` : null;
  },
};
