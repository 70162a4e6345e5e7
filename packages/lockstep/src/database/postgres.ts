import pg from "pg";
import type { Database, Queryable, QueryResult, Session, Statement } from "./database.js";
import { asDatabaseError, breaksConnection, sqlState } from "./failure.js";
import { SCHEMA_DEFAULT } from "./in-schema.js";
import { listenOnPostgres } from "./listen.js";
import { rfc3339 } from "./rfc3339.js";

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/**
 * Time for an answer to arrive: longer than the server may take, so that a timeout here means that
 * the connection has failed.
 */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const TIMESTAMPTZ = 1184;
/** Connections for statements that are run apart: a worker has two such statements at a time. */
const DEDICATED_CONNECTIONS_MAX = 3;

/**
 * Every session has: UTC; READ COMMITTED whatever the server's default; no plan that reads a whole
 * table, because a plan made while the tables were empty would be kept while they grow by a million
 * rows; no JIT, which only delays short statements.
 */
const SESSION_SETTINGS = {
  timezone: "UTC",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  idle_in_transaction_session_timeout: "60000",
  lock_timeout: "10000",
  jit: "off",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
};

const OPTIONS = Object.entries(SESSION_SETTINGS)
  .map(([name, value]) => `-c ${name}=${value.replaceAll(" ", "\\ ")}`)
  .join(" ");

const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === TIMESTAMPTZ) return rfc3339;
    return pg.types.getTypeParser(oid, format as "text");
  },
};

export interface PostgresOptions {
  readonly url: string;
  /**
   * The maximum number of connections, without those for statements that are run apart. Default 10.
   */
  readonly poolSize?: number;
  readonly applicationName?: string;
}

/**
 * In an address: there is pgbouncer in transaction mode in between, where two transactions do not
 * always get the same session.
 */
const POOLER = "pgbouncer";

/** Whether the address says `pgbouncer=true`. */
function isPooled(url: string): boolean {
  return new URL(url).searchParams.get(POOLER) === "true";
}

/** The connection settings of every Lockstep connection to PostgreSQL. */
function clientConfig(options: PostgresOptions): pg.ClientConfig {
  const url = new URL(options.url);
  const own = url.searchParams.get("options");
  for (const name of ["options", POOLER]) url.searchParams.delete(name);
  // A pooler refuses settings at the start of a connection, because the connection is not bound to
  // one session of the server.
  const settings = isPooled(options.url) ? {} : { options: own ? `${OPTIONS} ${own}` : OPTIONS };
  return {
    connectionString: url.toString(),
    ...settings,
    types,
    application_name: options.applicationName ?? "lockstep",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
}

/**
 * PostgreSQL 14 or newer through `pg`. Connects lazily: a server that is down now may be up for the
 * next statement.
 */
export function openPostgres(options: PostgresOptions): Database {
  const pool = openPool(options, options.poolSize ?? 10);
  const dedicated = openPool(options, DEDICATED_CONNECTIONS_MAX);
  const listeners = new Set<() => Promise<void>>();
  const sessions = !isPooled(options.url);
  const run = sessions ? runNamed : runUnnamed;

  const withClient = async <T>(from: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await from.connect().catch((error: unknown) => {
      throw asDatabaseError(error);
    });
    let broken: Error | undefined;
    // Without a listener, a connection that dies between two statements would end the process.
    const onError = (error: Error) => {
      broken = error;
    };
    client.on("error", onError);
    try {
      return await work(client);
    } catch (error) {
      if (isBroken(error)) broken ??= error as Error;
      throw error instanceof RolledBack ? error.cause : asDatabaseError(error);
    } finally {
      client.off("error", onError);
      client.release(broken ?? false);
    }
  };

  return {
    engine: "postgres",
    schema: SCHEMA_DEFAULT,
    query: (statement, values) =>
      withClient(isDedicated(statement) ? dedicated : pool, (client) => run(client, statement, values)),
    transaction: (work) => withClient(pool, (client) => inTransaction(client, run, work)),
    sessions,
    connect: async () => session(pool),
    async listen(channel, onNotify) {
      // It would be sent to a session that belongs to another client by then.
      if (!sessions) return async () => undefined;
      const stop = await listenOnPostgres(
        clientConfig({ ...options, applicationName: "lockstep listen" }),
        channel,
        onNotify,
      );
      listeners.add(stop);
      return async () => {
        listeners.delete(stop);
        await stop();
      };
    },
    async close() {
      await Promise.all([...listeners].map((stop) => stop()));
      listeners.clear();
      for (const each of [pool, dedicated]) if (!each.ended) await each.end();
    },
  };
}

function openPool(options: PostgresOptions, max: number): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(options), max, idleTimeoutMillis: 30_000 });
  // An idle connection that the server closes. The pool has removed it already, and the next
  // statement opens another.
  pool.on("error", () => undefined);
  return pool;
}

function isDedicated(statement: Statement | string): boolean {
  return typeof statement !== "string" && statement.dedicated === true;
}

/**
 * A transaction's function threw: `cause` is what it threw, and the error also says whether the
 * connection survived the rollback.
 */
class RolledBack extends Error {
  override readonly cause: unknown;
  readonly connectionUsable: boolean;
  constructor(cause: unknown, connectionUsable: boolean) {
    super("rolled back");
    this.cause = cause;
    this.connectionUsable = connectionUsable;
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof RolledBack ? !error.connectionUsable : breaksConnection(sqlState(error));
}

type Run = typeof runNamed;

/** A statement that was prepared in one session is not known in another. */
function runUnnamed<Row>(
  client: pg.ClientBase,
  statement: Statement | string,
  values: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  return runNamed(client, typeof statement === "string" ? statement : statement.text, values);
}

async function runNamed<Row>(
  client: pg.ClientBase,
  statement: Statement | string,
  values: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  const config = typeof statement === "string" ? { text: statement } : statement;
  const result = await ask(client, { ...config, values: values as unknown[] });
  return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
}

/**
 * `client.query` with a callback that is passed from the start. Its promise and its `query_timeout`
 * insert a callback later, and under many reads the objects that waited for them survived garbage
 * collections: a tenth of the time of a status read.
 */
function ask(client: pg.ClientBase, query: pg.QueryConfig): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const tooLate = () => reject(new Error("PostgreSQL did not answer in time"));
    const timer = setTimeout(tooLate, ANSWER_TIMEOUT_MS);
    const answered = (error: Error | undefined, result: pg.QueryResult): void => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve(result);
    };
    void client.query(query, answered);
  });
}

async function inTransaction<T>(
  client: pg.ClientBase,
  run: Run,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  await ask(client, { text: "begin isolation level read committed" });
  const tx: Queryable = {
    query: (statement, values) =>
      run<never>(client, statement, values).catch((error: unknown) => {
        throw asDatabaseError(error);
      }),
  };
  let value: T;
  try {
    value = await work(tx);
  } catch (error) {
    const usable = await ask(client, { text: "rollback" }).then(
      () => true,
      () => false,
    );
    throw new RolledBack(error, usable);
  }
  await ask(client, { text: "commit" });
  return value;
}

async function session(pool: pg.Pool): Promise<Session> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asDatabaseError(error);
  });
  let broken: Error | undefined;
  client.on("error", (error) => {
    broken = error;
  });
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isBroken(error)) broken ??= error as Error;
      throw error instanceof RolledBack ? error.cause : asDatabaseError(error);
    }
  };
  let released = false;
  return {
    query: (statement, values) => guarded(() => runNamed(client, statement, values)),
    transaction: (work) => guarded(() => inTransaction(client, runNamed, work)),
    async release() {
      if (released) return;
      released = true;
      client.release(broken ?? false);
    },
  };
}
