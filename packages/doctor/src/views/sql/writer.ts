import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { Status } from "lockstep/internal/job";
import type { SqlTables } from "../../stores/store-connections.js";
import type { Vocabulary } from "../status-words.js";
import type {
  Repair,
  RepairValues,
  Restoration,
  SettableField,
  ViewWriter,
  WriteOutcome,
} from "../writer.js";
import type { ColumnRole, SqlConfig } from "./config.js";
import type { Dialect } from "./dialects/dialect.js";
import { createRowReader } from "./read-row.js";
import { type JobTable, RowBeforeImage, type TableRow } from "./table.js";
import { localTime, timeLike } from "./written-time.js";

interface SqlWriterOptions {
  readonly dialect: Dialect;
  readonly database: Kysely<SqlTables>;
  readonly table: JobTable;
  readonly config: SqlConfig;
  readonly words: Vocabulary;
}

type Assignments = ReadonlyMap<ColumnRole, string | number | null>;

const SETTABLE = ["started_at", "finished_at", "result", "error"] as const satisfies readonly SettableField[];
/**
 * Columns that are compared to detect a change of the row, besides the engine's own fingerprint.
 */
const COMPARED = ["status", "updated_at", "finished_at", "attempt"] as const satisfies readonly ColumnRole[];
/** All columns that were read are compared where the engine has no fingerprint of a row. */
const COMPARED_WITHOUT_FINGERPRINT = [
  ...COMPARED,
  "started_at",
  "created_at",
  "result",
  "error",
  "heartbeat_at",
] as const satisfies readonly ColumnRole[];

/** Writes with one UPDATE by id, whose WHERE clause contains the values that were read. */
export class SqlWriter implements ViewWriter {
  readonly actions = ["settle"] as const;
  readonly fields: ReadonlySet<SettableField>;
  readonly #options: SqlWriterOptions;

  constructor(options: SqlWriterOptions) {
    const { columns } = options.config;
    this.#options = options;
    this.fields = new Set(SETTABLE.filter((field) => columns[field] !== undefined));
  }

  wordFor(status: Status): string | null {
    return this.#options.words.wordFor(status);
  }

  async write({ id, beforeImage, to }: Repair): Promise<WriteOutcome> {
    const word = this.wordFor(to.status);
    if (word === null)
      return { outcome: "refused", why: `no word is mapped to ${to.status}: add one under its statuses` };
    const seen = RowBeforeImage.parse(beforeImage);
    return await this.#update(id, seen, this.#settled(word, to, seen));
  }

  /**
   * The row must still be as the repair left it, so it is read and compared inside the transaction,
   * under a lock.
   */
  async restore({ id, fingerprint, beforeImage }: Restoration): Promise<WriteOutcome> {
    const before = RowBeforeImage.parse(beforeImage);
    const assignments = new Map<ColumnRole, string | number | null>();
    for (const role of this.#options.table.roles)
      if (role !== "id" && role in before) assignments.set(role, before[role] ?? null);
    return await this.#inTransaction(async (tx) => {
      const now = await this.#row(tx, id);
      if (now === null || this.#fingerprintOf(now) !== fingerprint) return { outcome: "changed" };
      return await this.#updateIn(tx, id, RowBeforeImage.parse(now), assignments);
    });
  }

  #settled(word: string, to: RepairValues, seen: RowBeforeImage): Assignments {
    const { table, config } = this.#options;
    const has = (role: ColumnRole) => config.columns[role] !== undefined;
    const assignments = new Map<ColumnRole, string | number | null>([["status", word]]);
    if (has("updated_at"))
      assignments.set("updated_at", this.#time("updated_at", new Date().toISOString(), seen));
    for (const role of ["started_at", "finished_at"] as const) {
      const time = to[role];
      if (time !== undefined && has(role)) assignments.set(role, this.#time(role, time, seen));
    }
    for (const role of ["result", "error"] as const) {
      const json = to[`${role}_json`];
      if (json !== undefined && has(role))
        assignments.set(role, outcomeText(json, table.facts(role).type === "json"));
    }
    return assignments;
  }

  /** A column without a time zone gets the local time in the zone of the configuration. */
  #time(role: ColumnRole, time: string, seen: RowBeforeImage): string | number {
    const { table, config } = this.#options;
    switch (table.facts(role).type) {
      case "local":
        return localTime(time, config.zone);
      case "untyped":
      case "integer":
      case "text":
        return timeLike(exampleFor(role, seen), time, config.zone);
      default:
        return time;
    }
  }

  #update(id: string, seen: RowBeforeImage, assignments: Assignments): Promise<WriteOutcome> {
    return this.#inTransaction((tx) => this.#updateIn(tx, id, seen, assignments));
  }

  async #updateIn(
    tx: Transaction<SqlTables>,
    id: string,
    seen: RowBeforeImage,
    assignments: Assignments,
  ): Promise<WriteOutcome> {
    const { dialect, table } = this.#options;
    const sets = [...assignments].map(([role, value]) => sql`${table.column(role)} = ${value}`);
    const conditions: RawBuilder<unknown>[] = [sql`${table.column("id")} = ${id}`];
    for (const role of dialect.rowFingerprint === null ? COMPARED_WITHOUT_FINGERPRINT : COMPARED)
      if (role in seen) conditions.push(dialect.isSame(table.column(role), seen[role] ?? null));
    if (dialect.rowFingerprint !== null) conditions.push(sql`${dialect.rowFingerprint} = ${seen.row_mark}`);
    const { numAffectedRows } = await sql`
      update ${table.name} set ${sql.join(sets)} where ${sql.join(conditions, sql` and `)}
    `.execute(tx);
    if (numAffectedRows !== 1n) return { outcome: "changed" };
    const now = await this.#row(tx, id);
    return { outcome: "written", fingerprint: now === null ? null : this.#fingerprintOf(now) };
  }

  async #row(tx: Transaction<SqlTables>, id: string): Promise<TableRow | null> {
    const { table } = this.#options;
    const columns = sql.join(table.marked());
    const { rows } = await sql<TableRow>`
      select ${columns} from ${table.name} where ${table.column("id")} = ${id}
    `.execute(tx);
    return rows[0] ?? null;
  }

  #fingerprintOf(row: TableRow): string | null {
    const value = createRowReader(this.#options.config, this.#options.words).read(row);
    return value.state === "value" ? value.fingerprint : null;
  }

  async #inTransaction(work: (tx: Transaction<SqlTables>) => Promise<WriteOutcome>): Promise<WriteOutcome> {
    const { database, dialect } = this.#options;
    try {
      return await database.transaction().setAccessMode("read write").execute(work);
    } catch (error) {
      const rule = dialect.refusalOf(error);
      if (rule === null) throw error;
      return { outcome: "refused", why: `the table does not take it (${rule})` };
    }
  }
}

/**
 * A JSON column gets the text unchanged; in any other column, a JSON string is written without its
 * quotes.
 */
function outcomeText(json: string, isJsonColumn: boolean): string {
  if (isJsonColumn) return json;
  const parsed: unknown = JSON.parse(json);
  return typeof parsed === "string" ? parsed : json;
}

const TIMES = ["created_at", "started_at", "updated_at", "finished_at", "heartbeat_at"] as const;

/** A time of the same row, as an example of this table's format. */
function exampleFor(role: ColumnRole, seen: RowBeforeImage): string | number | null {
  return seen[role] ?? TIMES.map((other) => seen[other] ?? null).find((value) => value !== null) ?? null;
}
