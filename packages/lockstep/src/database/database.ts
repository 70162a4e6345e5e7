/**
 * A named statement. The name is also that of the prepared statement in the server, so it must be
 * unique for its text. An unnamed statement is parsed each time.
 */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  /**
   * Run the statement on one of the few connections reserved for such statements. A session plans a
   * statement when it sees it for the first time, which takes longer than running it. With reserved
   * connections, the statements that a worker runs all the time reach sessions that already know
   * them, whatever else is running.
   */
  readonly dedicated?: boolean;
  /** Its answer may take as long as it takes, such as that of the building of an index. */
  readonly unlimited?: boolean;
  /**
   * The text names the ledger's objects in the schema `lockstep`. The name of the database's schema
   * is put in its place.
   */
  readonly ofLedger?: boolean;
  /** Rows are arrays in the order of the columns: for many wide rows, cheaper than objects. */
  readonly asArrays?: boolean;
}

export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

/** Anything that runs statements: the pool, one session, or a transaction. */
export interface Queryable {
  query<Row>(statement: Statement | string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/**
 * One connection, held until it is released. A session whose statement timed out or whose socket
 * failed is destroyed and never returns to the pool.
 */
export interface Session extends Queryable {
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  release(): Promise<void>;
}

/**
 * The single interface to both `pg` and PGlite. Values: uuid, text, int8 and timestamptz are
 * returned as strings (timestamptz as RFC 3339 in UTC with microseconds), json and jsonb parsed,
 * int4 and float8 as numbers.
 * @throws DatabaseUnavailableError from every call when the server cannot be reached or does not
 *   answer in time
 */
export interface Database extends Queryable {
  readonly engine: "postgres" | "pglite";
  /** The schema that holds the ledger. */
  readonly schema: string;
  /** Always READ COMMITTED. Commits when `work` returns, rolls back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * Whether a connection is a session of the server. Behind pgbouncer in transaction mode it is
   * not.
   */
  readonly sessions: boolean;
  /** Works only when connections are sessions. */
  connect(): Promise<Session>;
  /**
   * Listens on a channel until the returned function is called. Reconnects by itself; a gap is
   * reported as a notification without payload.
   */
  listen(channel: string, onNotify: (payload: string | null) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** A logger, by shape. */
export interface DatabaseLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}
