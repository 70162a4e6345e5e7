import pg from "pg";
import { SCHEMA_DEFAULT } from "../schema-name.js";
import { createConnectionCheck, RAISE_SYNCHRONOUS_COMMIT } from "./check-connection.js";
import type { Database, DatabaseLog, Queryable, QueryResult, Session, Statement } from "./database.js";
import { asDatabaseError, breaksConnection, unavailable } from "./failure.js";
import { listenOnPostgres } from "./listen.js";
import { createOutageLog } from "./outage-log.js";
import { type CheckedPool, openPool } from "./pool.js";
import { rfc3339 } from "./rfc3339.js";

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/**
 * Time for an answer to arrive: longer than the server may take, so that a timeout here means that
 * the connection has failed.
 */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const TIMESTAMPTZ = 1184;
const BEGIN = "begin isolation level read committed";
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
  /** Receives the beginning and the end of an outage, and settings that were overridden. */
  readonly log?: DatabaseLog;
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
  const config = clientConfig(options);
  const sessions = !isPooled(options.url);
  // A client that never connects: it has the address that the driver makes of the URL.
  const { host, port, database: databaseName = "" } = new pg.Client(config);
  const where = `The database ${databaseName} at ${host}:${port}`;
  const check = createConnectionCheck({ where, databaseName, sessions, log: options.log });
  const refusal = (error: unknown) => unavailable(error, where);
  const shared = { config, check: check.check, refusal, ...createOutageLog(options.log) };
  const pool = openPool({ ...shared, max: options.poolSize ?? 10 });
  const dedicated = openPool({ ...shared, max: DEDICATED_CONNECTIONS_MAX });
  const listeners = new Set<() => Promise<void>>();
  const how: Runs = {
    where,
    run: sessions ? runNamed : runUnnamed,
    // In the same round trip as the begin: a pooler's next transaction may use another session.
    begin: sessions ? BEGIN : `${BEGIN}; ${RAISE_SYNCHRONOUS_COMMIT}`,
  };

  const withClient = async <T>(
    from: CheckedPool,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> => {
    const client = await from.take();
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
      throw error instanceof RolledBack ? error.cause : asDatabaseError(error, where);
    } finally {
      client.off("error", onError);
      client.release(broken ?? false);
    }
  };
  const query: Queryable["query"] = (statement, values) =>
    withClient(isDedicated(statement) ? dedicated : pool, (client) =>
      !sessions && check.foundAsynchronous
        ? inTransaction(client, how, (tx) => tx.query<never>(statement, values))
        : how.run(client, statement, values),
    );

  return {
    engine: "postgres",
    schema: SCHEMA_DEFAULT,
    query,
    transaction: (work) => withClient(pool, (client) => inTransaction(client, how, work)),
    sessions,
    connect: async () => session(await pool.take(), how),
    async listen(channel, onNotify) {
      // It would be sent to a session that belongs to another client by then.
      if (!sessions) return async () => undefined;
      const stop = await listenOnPostgres({
        config: { ...config, application_name: "lockstep listen" },
        check: check.check,
        channel,
        onNotify,
      });
      listeners.add(stop);
      return async () => {
        listeners.delete(stop);
        await stop();
      };
    },
    async close() {
      await Promise.all([...listeners].map((stop) => stop()));
      listeners.clear();
      for (const each of [pool, dedicated]) await each.end();
    },
  };
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
  return error instanceof RolledBack ? !error.connectionUsable : breaksConnection(error);
}

interface Runs {
  /** The database in words, for messages. */
  readonly where: string;
  readonly run: typeof runNamed;
  readonly begin: string;
}

/** A statement that was prepared in one session is not known in another. */
function runUnnamed<Row>(
  client: pg.ClientBase,
  statement: Statement | string,
  values: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  if (typeof statement === "string") return runNamed(client, statement, values);
  const { name: _name, ...unnamed } = statement;
  return runNamed(client, unnamed, values);
}

async function runNamed<Row>(
  client: pg.ClientBase,
  statement: Statement | string,
  values: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  const result = await ask(client, configOf(statement, values as unknown[]));
  return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
}

type Asked = pg.QueryConfig & Pick<Statement, "unlimited"> & { readonly rowMode?: "array" };

function configOf(statement: Statement | string, values: unknown[]): Asked {
  if (typeof statement === "string") return { text: statement, values };
  const { name, text, asArrays, unlimited = false } = statement;
  const named = name === undefined ? {} : { name };
  return { text, values, unlimited, ...named, ...(asArrays ? { rowMode: "array" } : {}) };
}

/**
 * `client.query` with a callback that is passed from the start. Its promise and its `query_timeout`
 * insert a callback later, and under many reads the objects that waited for them survived garbage
 * collections: a tenth of the time of a status read.
 */
function ask(client: pg.ClientBase, query: Asked) {
  return new Promise<pg.QueryResult>((resolve, reject) => {
    const tooLate = () => reject(new Error("PostgreSQL did not answer in time"));
    const timer = query.unlimited ? undefined : setTimeout(tooLate, ANSWER_TIMEOUT_MS);
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
  { where, run, begin }: Runs,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  await ask(client, { text: begin });
  const tx: Queryable = {
    query: (statement, values) =>
      run<never>(client, statement, values).catch((error: unknown) => {
        throw asDatabaseError(error, where);
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

function session(client: pg.PoolClient, how: Runs): Session {
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isBroken(error)) broken ??= error as Error;
      throw error instanceof RolledBack ? error.cause : asDatabaseError(error, how.where);
    }
  };
  let released = false;
  return {
    query: (statement, values) => guarded(() => runNamed(client, statement, values)),
    transaction: (work) => guarded(() => inTransaction(client, how, work)),
    async release() {
      if (released) return;
      released = true;
      client.off("error", onError);
      client.release(broken ?? false);
    },
  };
}
