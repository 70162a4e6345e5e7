import { type Kysely, type RawBuilder, sql } from "kysely";
import { LockstepError } from "lockstep/internal/errors";
import { z } from "zod";
import type { SqlTables } from "../../stores/store-connections.js";
import type { ColumnRole, SqlConfig } from "./config.js";
import type { ColumnFacts, Dialect, TableFacts } from "./dialects/dialect.js";

/** A row as it was read: a column's role and its value; `row_mark` where the engine has one. */
export type TableRow = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INTEGER = /^(0|-?[1-9]\d{0,18})$/;
/** The largest of 64 bits with a sign: what no engine takes for out of range. */
const INTEGER_MAX = 2n ** 63n - 1n;

/** What a query selects. */
export type Columns = readonly RawBuilder<unknown>[];

/** The table of a view, with its columns called by their roles. */
export class JobTable {
  readonly name: RawBuilder<unknown>;
  readonly #dialect: Dialect;
  readonly #database: Kysely<SqlTables>;
  readonly #config: SqlConfig;
  #facts: TableFacts | null = null;

  constructor(dialect: Dialect, database: Kysely<SqlTables>, config: SqlConfig) {
    this.#dialect = dialect;
    this.#database = database;
    this.#config = config;
    this.name = sql.table(config.schema === undefined ? config.table : `${config.schema}.${config.table}`);
  }

  get roles(): readonly ColumnRole[] {
    return Object.keys(this.#config.columns) as ColumnRole[];
  }

  column(role: ColumnRole): RawBuilder<unknown> {
    return sql.ref(this.#config.columns[role] ?? role);
  }

  /** @throws LockstepError VIEW_MISMATCH before `describe` */
  facts(role: ColumnRole): ColumnFacts {
    const facts = this.#facts?.columns.get(this.#config.columns[role] ?? "");
    if (!facts) throw new LockstepError("VIEW_MISMATCH", `the table ${this.#config.table} was not looked at`);
    return facts;
  }

  /** @throws LockstepError VIEW_MISMATCH that names every column that is not there */
  async describe(): Promise<TableFacts> {
    const { table, columns } = this.#config;
    const schema = this.#config.schema ?? null;
    const facts = await this.#dialect.describe(this.#database, { table, schema });
    if (facts === null)
      throw new LockstepError("VIEW_MISMATCH", `there is no table ${schema ? `${schema}.` : ""}${table}`);
    const missing = Object.values(columns).filter((name) => name !== undefined && !facts.columns.has(name));
    if (missing.length > 0)
      throw new LockstepError("VIEW_MISMATCH", `the table ${table} has no column ${missing.join(", ")}`);
    this.#facts = facts;
    if (!this.facts("id").isUnique)
      throw new LockstepError(
        "VIEW_MISMATCH",
        `the table ${table} has no primary key or unique index on ${columns.id} alone, so a row cannot be told from another`,
      );
    if (this.facts("id").type === "binary")
      throw new LockstepError(
        "VIEW_MISMATCH",
        `the column ${columns.id} holds bytes, which are no ids in text`,
      );
    return facts;
  }

  /** @returns the id as the table writes it; null: no row can have it */
  idOf(text: string): string | null {
    switch (this.facts("id").type) {
      case "uuid":
        return UUID.test(text) ? text.toLowerCase() : null;
      case "integer":
        return isInteger(text) ? text : null;
      default:
        return text.includes("\u0000") ? null : text;
    }
  }

  /** The next rows after an id, in the order of ids. */
  async after(id: string | null, limit: number, columns: Columns): Promise<readonly TableRow[]> {
    const column = this.column("id");
    // A unique column may hold many nulls, and a row without an id is nobody's.
    const from = id === null ? sql`${column} is not null` : sql`${column} > ${id}`;
    return await this.#select(columns, sql`where ${from} order by ${column} limit ${sql.lit(limit)}`);
  }

  async byIds(ids: readonly string[], columns: Columns): Promise<readonly TableRow[]> {
    if (ids.length === 0) return [];
    return await this.#select(
      columns,
      sql`where ${this.#dialect.isOneOf(this.column("id"), ids, this.facts("id").type)}`,
    );
  }

  async #select(columns: Columns, tail: RawBuilder<unknown>): Promise<readonly TableRow[]> {
    const query = sql<TableRow>`select ${sql.join(columns)} from ${this.name} ${tail}`;
    const { rows } = await this.#dialect.reading(this.#database, (tx) => query.execute(tx));
    return rows;
  }

  /** Columns under the names of their roles: for a glance, of which there are millions. */
  selected(roles: readonly ColumnRole[]): Columns {
    return roles.map((role) => sql`${this.column(role)} as ${sql.ref(role)}`);
  }

  /** Every column that is known, and the engine's own mark. */
  marked(): Columns {
    const { rowFingerprint } = this.#dialect;
    const fingerprint = rowFingerprint === null ? [] : [sql`${rowFingerprint} as ${sql.ref("row_mark")}`];
    return [...this.selected(this.roles), ...fingerprint];
  }
}

function isInteger(text: string): boolean {
  if (!INTEGER.test(text)) return false;
  const number = BigInt(text);
  return number <= INTEGER_MAX && number >= -INTEGER_MAX;
}

/** The row's content: what its mark is made of, and what a write compares with. */
export const RowBeforeImage = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

export type RowBeforeImage = z.output<typeof RowBeforeImage>;

export function beforeImageOf(row: TableRow): RowBeforeImage {
  return Object.fromEntries(Object.entries(row).map(([role, value]) => [role, plain(value)]));
}

function plain(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number") return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
