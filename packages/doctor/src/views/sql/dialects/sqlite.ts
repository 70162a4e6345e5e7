import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { sql } from "kysely";
import { z } from "zod";
import type { ColumnFacts, Dialect } from "./dialect.js";

const ROWS_COUNTED_MAX = 1_000_000;

const Column = z.object({ name: z.string(), type: z.string(), is_unique: z.coerce.number() });

/** SQLite has no fingerprint of a row, so all columns that were read are compared. */
export const sqlite: Dialect = {
  store: "sqlite",
  rowFingerprint: null,
  isOneOf: (column, ids) => sql<boolean>`${column} in (${sql.join(ids)})`,
  isSame: (column, value) => sql<boolean>`${column} is ${value}`,
  reading: (database, work) => database.transaction().setAccessMode("read only").execute(work),

  async describe(database, { schema, table }) {
    const { rows } = await sql`
      select
        c.name,
        c.type,
        (c.pk = 1 and (select count(*) from pragma_table_info(${table}, ${schema ?? "main"}) where pk > 0) = 1)
          or exists (
            select 1 from pragma_index_list(${table}, ${schema ?? "main"}) i
            where i."unique" = 1 and i.partial = 0
              and (select count(*) from pragma_index_info(i.name, ${schema ?? "main"})) = 1
              and (select name from pragma_index_info(i.name, ${schema ?? "main"})) = c.name
          ) as is_unique
      from pragma_table_info(${table}, ${schema ?? "main"}) c
    `.execute(database);
    if (rows.length === 0) return null;
    const columns = z.array(Column).parse(rows);
    const name = sql.table(schema === null ? table : `${schema}.${table}`);
    const counted = await sql<{ rows: number }>`
      select count(*) as rows from (select 1 from ${name} limit ${sql.lit(ROWS_COUNTED_MAX)})
    `.execute(database);
    return {
      columns: new Map(
        columns.map(({ name, type, is_unique }) => [
          name,
          { type: typeOf(type), isUnique: is_unique === 1, words: null },
        ]),
      ),
      rowEstimate: counted.rows[0]?.rows ?? null,
    };
  },

  async writeObstacle(database) {
    const { rows } = await sql<{
      file: string;
    }>`select file from pragma_database_list where name = 'main'`.execute(database);
    try {
      await access(rows[0]?.file ?? "", constants.W_OK);
      return null;
    } catch {
      return "this process may not write the file: check its permissions";
    }
  },

  refusalOf(error) {
    const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
    // SQLITE_CONSTRAINT and SQLITE_MISMATCH.
    return code === 19 || code === 20 ? `SQLite error ${code}` : null;
  },
};

/** A column's declared type is only what its tool wrote; SQLite itself accepts any value. */
function typeOf(type: string): ColumnFacts["type"] {
  if (/date|time/i.test(type)) return "untyped";
  if (/int/i.test(type)) return "integer";
  if (/json/i.test(type)) return "json";
  if (/blob|binary/i.test(type)) return "binary";
  return "text";
}
