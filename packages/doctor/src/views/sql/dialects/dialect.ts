import type { Kysely, RawBuilder, Transaction } from "kysely";
import type { SqlDialect, SqlTables } from "../../../stores/store-connections.js";

/** The differences between the engines. The rest of the view uses the same SQL for all of them. */
export interface Dialect {
  /** The connection type it uses. */
  readonly store: SqlDialect;
  /** The table's columns and key. @returns null when there is no such table */
  describe(database: Kysely<SqlTables>, table: TableName): Promise<TableFacts | null>;
  /**
   * Why nothing may be written here, for example because it is a replica; null: writes are allowed.
   */
  writeObstacle(database: Kysely<SqlTables>): Promise<string | null>;
  /**
   * An expression of the engine whose text differs after each change of the row; null: the engine
   * has none.
   */
  readonly rowFingerprint: RawBuilder<string> | null;
  /** `column is one of ids`. The ids may be out of the range of the column. */
  isOneOf(
    column: RawBuilder<unknown>,
    ids: readonly string[],
    type: ColumnFacts["type"],
  ): RawBuilder<boolean>;
  /** `a equals b`, where two nulls are equal. */
  isSame(column: RawBuilder<unknown>, value: unknown): RawBuilder<boolean>;
  /** Runs reads in a short transaction that cannot write. */
  reading<T>(database: Kysely<SqlTables>, work: (tx: Transaction<SqlTables>) => Promise<T>): Promise<T>;
  /**
   * A short name of the violated rule when the error means that the table refused a value; null:
   * any other error.
   */
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
   * How the column is read and written. `text` accepts anything; `zoned` and `local` are times with
   * and without a zone; `untyped` times are written like the row's other times.
   */
  readonly type: "uuid" | "integer" | "text" | "json" | "binary" | "zoned" | "local" | "untyped" | "other";
  /**
   * Whether the primary key, or another unique index over all rows, consists of this column alone.
   */
  readonly isUnique: boolean;
  /** The words of an enum; null: not an enum. */
  readonly words: readonly string[] | null;
}
