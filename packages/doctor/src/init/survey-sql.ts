import { type Kysely, type RawBuilder, sql } from "kysely";
import { reasonOf } from "../stores/reason.js";
import type { SqlDialect, SqlTables } from "../stores/store-connections.js";
import type { ColumnFacts } from "../views/sql/dialects/dialect.js";
import { dialectOf } from "../views/sql/dialects/index.js";
import { type Candidate, SAMPLE_IDS_MAX } from "./candidate.js";
import { countWords, guessRoles, lookLikeStatuses, statusNames, type WordCount } from "./guess.js";

const TABLES_MAX = 2_000;
/** A column with more words than this holds no status. */
const WORDS_MAX = 30;
/** Maximum number of rows in which words are counted; a larger table is counted in part. */
const ROWS_MAX = 100_000;

interface Table {
  readonly schema: string | null;
  readonly table: string;
}

/**
 * Looks for tables with a column that seems to hold a status, and counts its words. Only reads.
 * @param knownIds ids found elsewhere: the column that holds most of them is taken as the job's id
 */
export async function surveySql(
  database: Kysely<SqlTables>,
  url: string,
  knownIds: readonly string[],
): Promise<SqlSurvey> {
  const dialect = dialectOf(url);
  const candidates: Candidate[] = [];
  const skipped: string[] = [];
  for (const table of await tablesOf(database, dialect.store)) {
    try {
      const facts = await dialect.describe(database, table);
      if (facts === null) continue;
      const examination = { database, dialect: dialect.store, table, columns: facts.columns, knownIds };
      const found = await examineTable(examination);
      if (found !== null) candidates.push({ ...found, count: facts.rowEstimate });
    } catch (error) {
      if (!isOfTableAlone(error)) throw error;
      skipped.push(`${labelOf(table)} was not looked at: ${reasonOf(error)}`);
    }
  }
  return { candidates, skipped };
}

export interface SqlSurvey {
  readonly candidates: readonly Candidate[];
  /** A sentence for each table that could not be read, or not in time. */
  readonly skipped: readonly string[];
}

/**
 * Errors for not permitted, timed out or dropped meanwhile: SQLSTATEs of PostgreSQL, error names of
 * MySQL and MariaDB.
 */
const TABLE_ERRORS: ReadonlySet<unknown> = new Set([
  ...["42501", "57014", "42P01", "55P03"],
  ...["ER_TABLEACCESS_DENIED_ERROR", "ER_COLUMNACCESS_DENIED_ERROR", "ER_NO_SUCH_TABLE"],
  ...["ER_QUERY_TIMEOUT", "ER_STATEMENT_TIMEOUT"],
]);

function isOfTableAlone(error: unknown): boolean {
  return error instanceof Error && "code" in error && TABLE_ERRORS.has(error.code);
}

function labelOf({ schema, table }: Table): string {
  return `the table ${schema === null ? "" : `${schema}.`}${table}`;
}

async function tablesOf(database: Kysely<SqlTables>, store: SqlDialect): Promise<readonly Table[]> {
  const { rows } = await TABLES[store].execute(database);
  return rows.slice(0, TABLES_MAX);
}

const TABLES: Readonly<Record<SqlDialect, RawBuilder<Table>>> = {
  postgres: sql<Table>`
    select nullif(table_schema, 'public') as "schema", table_name as "table"
    from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
      and exists (
        select 1 from information_schema.columns c
        where c.table_schema = tables.table_schema and c.table_name = tables.table_name and c.column_name ~* '(status|state)$'
      )
      -- A ledger of Lockstep has a view of its own, which knows its guards.
      and not exists (
        select 1 from pg_catalog.pg_class l
        join pg_catalog.pg_namespace n on n.oid = l.relnamespace
        where n.nspname = tables.table_schema and l.relname = 'ledger_identity'
      )
    order by 1, 2`,
  mysql: sql<Table>`
    select null as \`schema\`, table_name as \`table\` from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema = database() order by 2`,
  sqlite: sql<Table>`
    select null as "schema", name as "table" from sqlite_master
    where type = 'table' and name not like 'sqlite_%' order by 2`,
};

interface TableExamination {
  readonly database: Kysely<SqlTables>;
  readonly dialect: SqlDialect;
  readonly table: Table;
  readonly columns: ReadonlyMap<string, ColumnFacts>;
  readonly knownIds: readonly string[];
}

async function examineTable(examination: TableExamination): Promise<Omit<Candidate, "count"> | null> {
  const { table, columns } = examination;
  const names = [...columns.keys()];
  const unique = names.filter((name) => columns.get(name)?.isUnique && columns.get(name)?.type !== "binary");
  if (unique.length === 0) return null;
  for (const status of statusNames(names)) {
    const words = await wordsIn(examination, status);
    if (!lookLikeStatuses(words)) continue;
    const id = await idColumn(examination, unique);
    const { id: _taken, ...roles } = {
      id,
      ...guessRoles(names.filter((name) => name !== id && name !== status)),
    };
    return {
      label: labelOf(table),
      name: "table",
      config: {
        type: "sql",
        ...(table.schema === null ? {} : { schema: table.schema }),
        table: table.table,
        columns: { id, status, ...roles },
      },
      words,
      sampleIds: await sampleOf(examination, id),
      store: "sql",
    };
  }
  return null;
}

/** The words that were found, and the other words of an enum. */
async function wordsIn(
  { database, dialect, table, columns }: TableExamination,
  status: string,
): Promise<readonly WordCount[]> {
  const { rows } = await sql<{ word: unknown; met: unknown }>`
    select word, count(*) as met
    from (select ${BY_LETTER[dialect](status)} as word from ${nameOf(table)} limit ${sql.lit(ROWS_MAX)}) sample
    where word is not null
    group by word
    order by 2 desc
    limit ${sql.lit(WORDS_MAX + 1)}
  `.execute(database);
  if (rows.length > WORDS_MAX) return [];
  const met = rows.map(({ word, met }) => [String(word), Number(met)] as const);
  const possible = (columns.get(status)?.words ?? []).map((word) => [word, 0] as const);
  return countWords([...met, ...possible]);
}

/**
 * Compares words byte by byte: under the column's collation, "Completed" and "completed" may be
 * equal.
 */
const BY_LETTER: Readonly<Record<SqlDialect, (column: string) => RawBuilder<unknown>>> = {
  postgres: (column) => sql`${sql.ref(column)}`,
  mysql: (column) => sql`convert(${sql.ref(column)} using utf8mb4) collate utf8mb4_bin`,
  sqlite: (column) => sql`${sql.ref(column)} collate binary`,
};

async function idColumn(
  { database, table, knownIds, columns }: TableExamination,
  unique: readonly string[],
): Promise<string> {
  const asked = knownIds.filter((id) => !id.includes("\u0000")).slice(0, SAMPLE_IDS_MAX);
  let best = { name: unique[0] ?? "id", hits: 0 };
  for (const name of asked.length === 0 ? [] : unique) {
    if (columns.get(name)?.type === "integer" && !asked.every((id) => /^\d{1,18}$/.test(id))) continue;
    const column =
      columns.get(name)?.type === "uuid" ? sql`cast(${sql.ref(name)} as char(36))` : sql.ref(name);
    const { rows } = await sql<{ hits: unknown }>`
      select count(*) as hits from ${nameOf(table)} where ${column} in (${sql.join(asked)})
    `.execute(database);
    const hits = Number(rows[0]?.hits ?? 0);
    if (hits > best.hits) best = { name, hits };
  }
  return best.name;
}

async function sampleOf({ database, table }: TableExamination, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: unknown }>`
    select ${sql.ref(id)} as id from ${nameOf(table)} where ${sql.ref(id)} is not null limit ${sql.lit(SAMPLE_IDS_MAX)}
  `.execute(database);
  return rows.map((row) => String(row.id));
}

function nameOf({ schema, table }: Table): RawBuilder<unknown> {
  return sql.table(schema === null ? table : `${schema}.${table}`);
}
