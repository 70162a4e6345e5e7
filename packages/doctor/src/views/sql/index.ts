import type { Kysely } from "kysely";
import { chunksOf } from "../../stores/redis-facts.js";
import type { SqlTables } from "../../stores/store-connections.js";
import { createVocabulary } from "../status-words.js";
import {
  ABSENT,
  type Answer,
  type Examination,
  type ListedJob,
  type Summary,
  type Value,
  type View,
} from "../view.js";
import type { ViewOptions, ViewType } from "../view-type.js";
import { SqlConfig } from "./config.js";
import type { Dialect } from "./dialects/dialect.js";
import { dialectOf } from "./dialects/index.js";
import { createRowReader, type RowReader } from "./read-row.js";
import { type Columns, JobTable, type TableRow } from "./table.js";
import { SqlWriter } from "./writer.js";

const PAGE_ROWS = 2_000;
const IDS_PER_QUERY = 1_000;

/** A table with a row for each job, in any SQL database for which there is a dialect. */
export const sql: ViewType<typeof SqlConfig> = {
  config: SqlConfig,
  open: (options) => new SqlView(options),
};

class SqlView implements View {
  readonly name: string;
  readonly type = "sql";
  readonly traits: View["traits"];
  readonly writer: SqlWriter;
  readonly #dialect: Dialect;
  readonly #database: Kysely<SqlTables>;
  readonly #table: JobTable;
  readonly #reader: RowReader;
  readonly #config: SqlConfig;
  readonly #summarized: Columns;

  constructor({ name, config, stores }: ViewOptions<SqlConfig>) {
    const { columns } = config;
    const words = createVocabulary(config.statuses);
    this.name = name;
    this.traits = {
      role: "queue",
      absence: "meaningful",
      knowsLocks: columns.heartbeat_at !== undefined,
      keepsResults: columns.result !== undefined,
      isAuthority: false,
    };
    this.#config = config;
    this.#dialect = dialectOf(config.url);
    this.#database = stores.sql(this.#dialect.store, config.url, config.zone);
    this.#table = new JobTable(this.#dialect, this.#database, config);
    this.#reader = createRowReader(config, words);
    const summarized = ["id", "status", "result", "heartbeat_at"];
    this.#summarized = this.#table.selected(this.#table.roles.filter((role) => summarized.includes(role)));
    this.writer = new SqlWriter({
      dialect: this.#dialect,
      database: this.#database,
      table: this.#table,
      config,
      words,
    });
  }

  async examine(): Promise<Examination> {
    const { rowEstimate } = await this.#table.describe();
    const local = this.#table.roles.filter((role) =>
      ["local", "untyped"].includes(this.#table.facts(role).type),
    );
    return {
      countEstimate: rowEstimate,
      writeObstacle: await this.#dialect.writeObstacle(this.#database),
      notes:
        local.length === 0
          ? []
          : [`${this.name}: ${local.join(", ")} have no zone and are read as ${this.#config.zone}`],
    };
  }

  async *pages(signal: AbortSignal): AsyncIterable<readonly ListedJob[]> {
    for await (const rows of this.#rows(this.#summarized, signal))
      yield rows.map((row) => ({ id: String(row.id), answer: this.#reader.summaries(row) }));
  }

  async *idPages(signal: AbortSignal): AsyncIterable<readonly string[]> {
    for await (const rows of this.#rows(this.#table.selected(["id"]), signal))
      yield rows.map((row) => String(row.id));
  }

  summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>> {
    return this.#byIds(ids, this.#summarized, (row) => this.#reader.summaries(row));
  }

  read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>> {
    return this.#byIds(ids, this.#table.marked(), (row) => this.#reader.read(row));
  }

  async close(): Promise<void> {
    // The stores own the pool.
  }

  /** Requests the next page while this one is processed. */
  async *#rows(columns: Columns, signal: AbortSignal): AsyncIterable<readonly TableRow[]> {
    let next: Promise<readonly TableRow[]> | null = this.#table.after(null, PAGE_ROWS, columns);
    while (next !== null) {
      const rows: readonly TableRow[] = await next;
      signal.throwIfAborted();
      const last = rows.at(-1);
      next =
        last && rows.length === PAGE_ROWS ? this.#table.after(String(last.id), PAGE_ROWS, columns) : null;
      // The rejection is handled when `next` is awaited, or ignored if the caller stops reading
      // pages.
      next?.catch(() => undefined);
      if (rows.length > 0) yield rows;
    }
  }

  async #byIds<V>(
    ids: readonly string[],
    columns: Columns,
    see: (row: TableRow) => Answer<V>,
  ): Promise<ReadonlyMap<string, Answer<V>>> {
    const asked = ids.map((id) => this.#table.idOf(id));
    const possible = [...new Set(asked.filter((id) => id !== null))];
    const found = new Map<string, Answer<V>>();
    for (const chunk of chunksOf(possible, IDS_PER_QUERY))
      for (const row of await this.#table.byIds(chunk, columns)) found.set(String(row.id), see(row));
    return new Map(
      ids.map((id, index) => {
        const written = asked[index] ?? null;
        return [id, written === null ? ABSENT : (found.get(written) ?? ABSENT)];
      }),
    );
  }
}
