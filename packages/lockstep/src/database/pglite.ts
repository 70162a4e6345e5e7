import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { LockstepError } from "../errors.js";
import { acquireFileLock } from "../file-lock/index.js";
import { SCHEMA_DEFAULT } from "../schema-name.js";
import type { Database, Queryable, QueryResult, Statement } from "./database.js";
import { type Engine, type EngineQueryable, embeddedPackage } from "./engine.js";
import { asDatabaseError } from "./failure.js";
import { rfc3339 } from "./rfc3339.js";
import { sqlState } from "./sql-state.js";

const TIMESTAMPTZ = 1184;
const INT8 = 20;
const parsers = { [TIMESTAMPTZ]: rfc3339, [INT8]: (text: string) => text };
const AS_OBJECTS = { parsers, rowMode: "object" } as const;
const AS_ARRAYS = { parsers, rowMode: "array" } as const;

const SESSION_SETTINGS = `
  set timezone = 'UTC';
  set default_transaction_isolation = 'read committed';
  set enable_seqscan = off;
  set enable_hashjoin = off;
  set enable_mergejoin = off;
  set jit = off;
  select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') = 'off';
`;

/**
 * The embedded PostgreSQL: one process, one connection, one folder. PGlite has no lock of its own
 * and two processes on one folder corrupt it, so the folder is locked here.
 * @param dataDir the folder of the database; undefined keeps it in memory
 * @param files the initial database, as PGlite dumps it; only in memory
 * @throws LockstepError DATA_DIR_LOCKED when another process holds the folder; INVALID_CONFIG when
 *   @lockstep/embedded is not installed
 */
export async function openPglite(dataDir?: string, files?: Blob): Promise<Database> {
  const { openEngine } = await embeddedPackage();
  const release = dataDir === undefined ? async () => undefined : await lockFolder(dataDir);
  let engine: Engine;
  try {
    engine = await openEngine(dataDir === undefined ? undefined : join(dataDir, "database"), files);
    await engine.exec(SESSION_SETTINGS);
  } catch (error) {
    await release();
    throw error;
  }

  const run = async <Row>(
    on: EngineQueryable,
    statement: Statement | string,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> => {
    const { text, asArrays = false } = typeof statement === "string" ? { text: statement } : statement;
    const options = asArrays ? AS_ARRAYS : AS_OBJECTS;
    const result = await on.query<Row>(text, values as unknown[], options).catch((error: unknown) => {
      throw engine.closed && sqlState(error) === null
        ? asDatabaseError(error, "The embedded database")
        : error;
    });
    return { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length };
  };
  const transaction = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> =>
    engine.transaction((tx) => work({ query: (statement, values) => run(tx, statement, values) }));

  let closing: Promise<void> | null = null;
  const query: Queryable["query"] = (statement, values) => run(engine, statement, values);
  return {
    engine: "pglite",
    schema: SCHEMA_DEFAULT,
    sessions: true,
    query,
    transaction,
    // There is one connection, and every caller waits for its turn on it.
    connect: async () => ({ query, transaction, release: async () => undefined }),
    async listen(channel, onNotify) {
      const stop = await engine.listen(channel, onNotify);
      return () => stop();
    },
    close() {
      closing ??= engine.close().finally(release);
      return closing;
    },
  };
}

async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true });
  const lock = await acquireFileLock(join(dataDir, "lock"));
  if (lock.held) return () => lock.release();
  throw new LockstepError(
    "DATA_DIR_LOCKED",
    `The data directory ${dataDir} is in use by process ${lock.pid}. Stop that process, use another LOCKSTEP_DATA_DIR, or set DATABASE_URL to share a PostgreSQL.`,
  );
}
