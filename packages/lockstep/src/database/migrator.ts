import { DatabaseUnavailableError, LockstepError } from "../errors.js";
import { pause } from "../timing/index.js";
import type { Database, Queryable, Session } from "./database.js";
import type { Migrations } from "./migration-files.js";
import { type MigrationStep, planMigration } from "./migration-plan.js";
import { sqlState } from "./sql-state.js";

/** How long to wait for another process that migrates the same schema. */
const WAIT_MS = 15_000;
const POLL_MS = 100;
/** SQLSTATE: insufficient privilege. */
const FORBIDDEN = "42501";
/** How many missing files a message names. */
const NAMED_MAX = 3;

/**
 * Applies what is missing: migrations, and functions whose text changed. All in one transaction,
 * except migrations that run outside of any. One process at a time. When nothing is missing it only
 * reads, so a role that may not change the schema can run it.
 * @returns the names of the files applied now
 * @throws LockstepError SCHEMA_NEWER when the schema has a migration this program does not know and
 *   that it cannot go on with; SCHEMA_CHANGED when an applied migration's text differs from this
 *   program's; SCHEMA_OLD when the database holds the tables of a first-edition ledger;
 *   SCHEMA_NOT_OWNED when something is missing and the role may not change the schema;
 *   SCHEMA_NEEDS_SESSION when pgbouncer is in between and a migration runs outside a transaction;
 *   DatabaseUnavailableError also when another process has been migrating for 15 seconds
 */
export async function migrateDatabase(
  database: Database,
  wanted: Migrations,
): Promise<{ applied: string[] }> {
  const steps = await planMigration(database, database.schema, wanted);
  if (steps.length === 0) return { applied: [] };
  const apply = steps.every(({ transaction }) => transaction) ? applyAtOnce : applyInSteps;
  try {
    return { applied: await apply(database, wanted) };
  } catch (cause) {
    if (sqlState(cause) !== FORBIDDEN) throw cause;
    throw new LockstepError(
      "SCHEMA_NOT_OWNED",
      `The schema ${database.schema} lacks ${filesOf(steps).slice(0, NAMED_MAX).join(", ")}, and the database's role may not change it. Run lockstep migrate as the role that owns the schema.`,
      { cause },
    );
  }
}

/** The script that {@link migrateDatabase} would run, for `psql`; empty when nothing is missing. */
export async function migrationScript(database: Database, wanted: Migrations): Promise<string> {
  const steps = await planMigration(database, database.schema, wanted);
  if (steps.length === 0) return "";
  const isOne = steps.every(({ transaction }) => transaction);
  const key = `hashtextextended('${lockName(database)}', 0)`;
  const statements = [
    ...(isOne ? [] : [`select pg_advisory_lock(${key})`]),
    ...steps.flatMap(({ transaction, statements: each }) =>
      transaction
        ? ["begin", ...(isOne ? [`select pg_advisory_xact_lock(${key})`] : []), ...each, "commit"]
        : each,
    ),
    ...(isOne ? [] : [`select pg_advisory_unlock(${key})`]),
  ];
  return `${statements.map((statement) => statement.replace(/;?\s*$/, ";")).join("\n\n")}\n`;
}

function lockName({ schema }: Database): string {
  return `lockstep migrate ${schema}`;
}

async function applyAtOnce(database: Database, wanted: Migrations): Promise<string[]> {
  return await whenLocked(() =>
    database.transaction(async (tx) => {
      if (!(await tryLock(tx, "pg_try_advisory_xact_lock", database))) return null;
      const steps = await planMigration(tx, database.schema, wanted);
      for (const { statements } of steps) for (const statement of statements) await tx.query(statement);
      return filesOf(steps);
    }),
  );
}

/**
 * The lock belongs to the session that builds the index. If this process dies, the server goes on
 * building and keeps the lock for just as long.
 */
async function applyInSteps(database: Database, wanted: Migrations): Promise<string[]> {
  if (!database.sessions)
    throw new LockstepError(
      "SCHEMA_NEEDS_SESSION",
      "A migration builds an index outside a transaction, which takes a session of its own. Run lockstep migrate once with the direct address of PostgreSQL, without pgbouncer=true.",
    );
  const session = await database.connect();
  try {
    return await whenLocked(async () => {
      if (!(await tryLock(session, "pg_try_advisory_lock", database))) return null;
      try {
        return await runSteps(session, await planMigration(session, database.schema, wanted));
      } finally {
        await session.query("select pg_advisory_unlock(hashtextextended($1, 0))", [lockName(database)]);
      }
    });
  } finally {
    await session.release();
  }
}

async function runSteps(session: Session, steps: readonly MigrationStep[]): Promise<string[]> {
  for (const { transaction, statements } of steps)
    if (transaction)
      await session.transaction(async (tx) => {
        for (const statement of statements) await tx.query(statement);
      });
    else await runUnlimited(session, statements);
  return filesOf(steps);
}

/** An index of a large table takes longer than any other statement may. */
async function runUnlimited(session: Session, statements: readonly string[]): Promise<void> {
  await session.query("set statement_timeout = 0");
  await session.query("set lock_timeout = 0");
  try {
    for (const text of statements) await session.query({ text, unlimited: true });
  } finally {
    await session.query("reset lock_timeout");
    await session.query("reset statement_timeout");
  }
}

async function tryLock(on: Queryable, how: string, database: Database): Promise<boolean> {
  const { rows } = await on.query<{ locked: boolean }>(`select ${how}(hashtextextended($1, 0)) as locked`, [
    lockName(database),
  ]);
  return rows[0]?.locked === true;
}

/**
 * Asks again and again instead of waiting inside a statement: that statement would have a snapshot,
 * for which the building of an index would wait in turn.
 * @param attempt null: another process has the lock
 */
async function whenLocked<T>(attempt: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const done = await attempt();
    if (done !== null) return done;
    if (performance.now() > deadline)
      throw new DatabaseUnavailableError("Another process is still migrating the database's schema.", null);
    await pause(POLL_MS);
  }
}

function filesOf(steps: readonly MigrationStep[]): string[] {
  return steps.flatMap(({ files }) => files);
}
