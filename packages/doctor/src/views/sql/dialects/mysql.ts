import { type Kysely, sql } from "kysely";
import { z } from "zod";
import type { SqlTables } from "../../../stores/store-connections.js";
import type { ColumnFacts, Dialect } from "./dialect.js";

/**
 * TIMESTAMP counts as local: the session has the configured zone, and the server converts to it.
 */
const TYPES: Readonly<Record<string, ColumnFacts["type"]>> = {
  uuid: "uuid",
  tinyint: "integer",
  smallint: "integer",
  mediumint: "integer",
  int: "integer",
  bigint: "integer",
  char: "text",
  varchar: "text",
  tinytext: "text",
  text: "text",
  mediumtext: "text",
  longtext: "text",
  json: "json",
  datetime: "local",
  timestamp: "local",
  binary: "binary",
  varbinary: "binary",
  blob: "binary",
};

const Column = z.object({
  name: z.string(),
  data_type: z.string(),
  column_type: z.string(),
  is_unique: z.coerce.number(),
  row_count: z.coerce.number().nullable(),
});

/**
 * MySQL 8 and MariaDB 10.5, and newer. They have no fingerprint of a row, so all columns that were
 * read are compared.
 */
export const mysql: Dialect = {
  store: "mysql",
  rowFingerprint: null,
  isOneOf: (column, ids) => sql<boolean>`${column} in (${sql.join(ids)})`,
  // Compares byte by byte, because most collations ignore case.
  isSame: (column, value) =>
    sql<boolean>`convert(${column} using utf8mb4) collate utf8mb4_bin <=> ${value === null ? null : String(value)}`,
  reading: (database, work) =>
    database.transaction().setAccessMode("read only").setIsolationLevel("read committed").execute(work),

  async describe(database, { schema, table }) {
    const { rows } = await sql`
      select
        c.column_name as name,
        c.data_type as data_type,
        c.column_type as column_type,
        exists (
          select 1 from information_schema.statistics s
          where s.table_schema = c.table_schema and s.table_name = c.table_name and s.non_unique = 0
          group by s.index_name
          having count(*) = 1 and max(s.column_name) = c.column_name and max(s.sub_part) is null
        ) as is_unique,
        t.table_rows as row_count
      from information_schema.columns c
      join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
      where c.table_name = ${table}
        and c.table_schema = ${schema === null ? sql`database()` : schema}
        and t.table_type = 'BASE TABLE'
    `.execute(database);
    if (rows.length === 0) return null;
    const columns = z.array(Column).parse(rows);
    return {
      columns: new Map(columns.map((column) => [column.name, factsOf(column)])),
      rowEstimate: columns[0]?.row_count ?? null,
    };
  },

  async writeObstacle(database) {
    const { rows } = await sql<{ read_only: unknown }>`select @@global.read_only as read_only`.execute(
      database,
    );
    if (Number(rows[0]?.read_only) !== 0) return "this server is read-only: repairs belong to its primary";
    return (await isReplica(database)) ? "this server is a replica: repairs belong to its primary" : null;
  },

  refusalOf(error) {
    const state = error instanceof Error && "sqlState" in error ? String(error.sqlState) : "";
    return /^(22|23)/.test(state) || state === "01000" ? `SQLSTATE ${state}` : null;
  },
};

function factsOf({ data_type, column_type, is_unique }: z.output<typeof Column>): ColumnFacts {
  const words = data_type === "enum" ? [...column_type.matchAll(/'((?:[^']|'')*)'/g)] : null;
  return {
    type: TYPES[data_type] ?? "other",
    isUnique: is_unique === 1,
    words: words?.map(([, word = ""]) => word.replaceAll("''", "'")) ?? null,
  };
}

/**
 * Servers support the old or the new name of the statement. If the account may not run it, the
 * server counts as a primary.
 */
async function isReplica(database: Kysely<SqlTables>): Promise<boolean> {
  for (const question of [sql`show replica status`, sql`show slave status`]) {
    try {
      return (await question.execute(database)).rows.length > 0;
    } catch (error) {
      if (!(error instanceof Error) || !("sqlState" in error)) throw error;
    }
  }
  return false;
}
