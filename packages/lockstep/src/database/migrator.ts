import { createHash } from "node:crypto";
import { LockstepError } from "../errors.js";
import type { Database, Queryable } from "./database.js";

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

// Any number works, as long as every Lockstep process uses the same one.
const ADVISORY_LOCK = 5_283_642_017;

const CREATE_TABLE = `
  create table if not exists lockstep_migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default clock_timestamp()
  )`;

/**
 * Migrations in the order of their numbers.
 * @param texts by file name, such as `0001_name.sql`
 */
export function migrationsOf(texts: Readonly<Record<string, string>>): Migration[] {
  return Object.entries(texts)
    .filter(([name]) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => ({
      number: Number(name.slice(0, 4)),
      name,
      text,
      checksum: createHash("sha256").update(text).digest("hex"),
    }));
}

/**
 * Applies the missing migrations, all in one transaction, one process at a time.
 * @returns the names applied now
 * @throws LockstepError SCHEMA_NEWER when the database has a migration this program does not know;
 *   SCHEMA_CHANGED when an applied migration's text differs from this program's
 */
export async function migrateDatabase(
  database: Database,
  migrations: readonly Migration[],
): Promise<{ applied: string[] }> {
  return database.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock($1)", [ADVISORY_LOCK]);
    await tx.query(CREATE_TABLE);
    const { rows } = await tx.query<{ number: number; name: string; checksum: string }>(
      "select number, name, checksum from lockstep_migrations order by number",
    );
    const applied = new Map(rows.map((row) => [row.number, row]));
    assertKnown(rows, migrations);
    const missing: string[] = [];
    for (const migration of migrations) {
      const row = applied.get(migration.number);
      if (row) assertUnchanged(row, migration);
      else missing.push(await apply(tx, migration));
    }
    return { applied: missing };
  });
}

function assertKnown(
  rows: readonly { number: number; name: string }[],
  migrations: readonly Migration[],
): void {
  const newest = migrations.at(-1)?.number ?? 0;
  const unknown = rows.find((row) => row.number > newest);
  if (!unknown) return;
  throw new LockstepError(
    "SCHEMA_NEWER",
    `The database has migration ${unknown.name}, which this version of Lockstep does not know. Upgrade Lockstep; nothing was changed.`,
  );
}

function assertUnchanged(row: { name: string; checksum: string }, migration: Migration): void {
  if (row.checksum === migration.checksum) return;
  throw new LockstepError(
    "SCHEMA_CHANGED",
    `Migration ${row.name} was applied with a text that differs from the one in this version of Lockstep. Nothing was changed.`,
  );
}

async function apply(tx: Queryable, migration: Migration): Promise<string> {
  for (const statement of splitStatements(migration.text)) await tx.query(statement);
  await tx.query("insert into lockstep_migrations (number, name, checksum) values ($1, $2, $3)", [
    migration.number,
    migration.name,
    migration.checksum,
  ]);
  return migration.name;
}

/**
 * Splits a script at semicolons at the end of a line, outside of `$$` bodies. Our own migrations
 * need no more than this.
 */
export function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let current: string[] = [];
  let inBody = false;
  for (const line of script.split("\n")) {
    if (!inBody && line.trimStart().startsWith("--")) continue;
    if ((line.match(/\$\$/g)?.length ?? 0) % 2 === 1) inBody = !inBody;
    current.push(line);
    if (!inBody && line.trimEnd().endsWith(";")) {
      statements.push(current.join("\n").trim());
      current = [];
    }
  }
  const rest = current.join("\n").trim();
  return rest ? [...statements, rest] : statements;
}
