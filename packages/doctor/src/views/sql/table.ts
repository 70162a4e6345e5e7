import { type Kysely, type RawBuilder, sql } from "kysely";
import { LockstepError } from "lockstep/internal/errors";
import { z } from "zod";
import type { SqlTables } from "../../stores/store-connections.js";
import type { ColumnRole, SqlConfig } from "./config.js";
import type { ColumnFacts, Dialect, TableFacts } from "./dialects/dialect.js";

/**
 * A row as it was read: the values by column role, and `row_mark` where the engine has a
 * fingerprint.
 */
export type TableRow = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INTEGER = /^(0|-?[1-9]\d{0,18})$/;
/** The largest signed 64-bit integer, which is in range for every engine. */
const INTEGER_MAX = 2n ** 63n - 1n;

/** The select list of a query. */
export type Columns = readonly RawBuilder<unknown>[];

/** The table of a view, with its columns addressed by their roles. */
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
    if (!facts) throw new LockstepError("VIEW_MISMATCH", `the table ${this.#config.table} was not examined`);
    return facts;
  }

  /** @throws LockstepError VIEW_MISMATCH that names all missing columns */
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
        `the table ${table} has no primary key or unique index on ${columns.id} alone, so rows cannot be told apart`,
      );
    if (this.facts("id").type === "binary")
      throw new LockstepError(
        "VIEW_MISMATCH",
        `the column ${columns.id} holds bytes, not text, so it cannot be the id`,
      );
    return facts;
  }

  /** @returns the id in the table's format; null: no row can have it */
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
    // A unique column may contain many nulls, and a row without an id belongs to no job.
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

  /**
   * Columns selected under the names of their roles, for summaries, of which there are millions.
   */
  selected(roles: readonly ColumnRole[]): Columns {
    return roles.map((role) => sql`${this.column(role)} as ${sql.ref(role)}`);
  }

  /** All configured columns, and the engine's own fingerprint. */
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

/** The row's content, from which its fingerprint is made and with which a write compares. */
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
