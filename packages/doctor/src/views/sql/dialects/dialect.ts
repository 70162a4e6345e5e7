import type { Kysely, RawBuilder, Transaction } from "kysely";
import type { SqlDialect, SqlTables } from "../../../stores/store-connections.js";

/** What differs between the engines. Everything else of the view is the same SQL for all of them. */
export interface Dialect {
  /** Which store of connections it uses. */
  readonly store: SqlDialect;
  /** The table's columns and key. @returns null when there is no such table */
  describe(database: Kysely<SqlTables>, table: TableName): Promise<TableFacts | null>;
  /** Why nothing may be written here, such as a replica; null when nothing speaks against it. */
  writeObstacle(database: Kysely<SqlTables>): Promise<string | null>;
  /** A text that is another one after each change of the row, from the engine itself; null: the engine has none. */
  readonly rowFingerprint: RawBuilder<string> | null;
  /** `column is one of ids`, which may be out of the range of a column of small numbers. */
  isOneOf(
    column: RawBuilder<unknown>,
    ids: readonly string[],
    type: ColumnFacts["type"],
  ): RawBuilder<boolean>;
  /** `a is the same as b`, null included. */
  isSame(column: RawBuilder<unknown>, value: unknown): RawBuilder<boolean>;
  /** Runs reads in a short transaction that cannot write. */
  reading<T>(database: Kysely<SqlTables>, work: (tx: Transaction<SqlTables>) => Promise<T>): Promise<T>;
  /** A short name of the rule when the error says that the table would not take a value; null: it says something else. */
  refusalOf(error: unknown): string | null;
}

export interface TableName {
  readonly schema: string | null;
  readonly table: string;
}

export interface TableFacts {
  readonly columns: ReadonlyMap<string, ColumnFacts>;
  readonly rowEstimate: number | null;
}

export interface ColumnFacts {
  /**
   * What may be asked of and written to it. `text` takes anything; `zoned` and `local` are times with and without zone; `untyped` ones
   * are written the way the row's other times are.
   */
  readonly type: "uuid" | "integer" | "text" | "json" | "binary" | "zoned" | "local" | "untyped" | "other";
  /** Whether the primary key, or another unique index over all rows, is this column alone. */
  readonly isUnique: boolean;
  /** The words of an enum; null: it is none. */
  readonly words: readonly string[] | null;
}
