/**
 * A named statement. The name is the server-side prepared statement's, so it must be unique for its text;
 * an unnamed statement is parsed each time.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /**
   * Run on one of the few connections for such statements. A session plans a statement when it sees it for the first time, which takes
   * longer than to run it: what a worker runs all the time meets sessions that know it, whatever else goes on.
   */
  readonly dedicated?: boolean;
}

export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

/** Anything that runs statements: the pool, one session, or a transaction. */
export interface Queryable {
  query<Row>(statement: Statement | string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/** One connection, held until it is released. A session whose statement timed out or whose socket failed is destroyed, never pooled. */
export interface Session extends Queryable {
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  release(): Promise<void>;
}

/**
 * The one seam over `pg` and PGlite. Values: uuid, text, int8 and timestamptz come back as strings
 * (timestamptz as RFC 3339 in UTC with microseconds), json and jsonb parsed, int4 and float8 as numbers.
 * @throws DatabaseUnavailableError from every call when the server cannot be reached or does not answer in time
 */
export interface Database extends Queryable {
  readonly engine: "postgres" | "pglite";
  /** READ COMMITTED, always. Commits when `work` returns, rolls back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Whether a connection is a session of the server. Behind pgbouncer in transaction mode it is not. */
  readonly sessions: boolean;
  /** Only where there are sessions. */
  connect(): Promise<Session>;
  /** Listens on a channel until the returned function is called. Reconnects by itself; a gap is reported as a notification without payload. */
  listen(channel: string, onNotify: (payload: string | null) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
