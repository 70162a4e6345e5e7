import { createHash } from "node:crypto";
import { LockstepError } from "../errors.js";
import type { Database, Queryable } from "./database.js";
import { textInSchema } from "./in-schema.js";

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
  /**
   * Whether a program that does not know this migration must not go on with the schema. In the text
   * it is the line `-- Breaking: yes` or `-- Breaking: no`.
   */
  readonly breaking: boolean;
}

/** Functions and triggers of the schema: they are created again when their text changes. */
export interface FunctionFile {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

export interface Migrations {
  readonly migrations: readonly Migration[];
  readonly functions: readonly FunctionFile[];
}

const TABLES = `
  create table if not exists lockstep.migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    breaking boolean not null,
    applied_at timestamptz not null default clock_timestamp()
  );

  create table if not exists lockstep.function_files (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default clock_timestamp()
  );`;

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
      checksum: checksumOf(text),
      breaking: !/^-- Breaking: no$/m.test(text),
    }));
}

/** @param texts by file name, such as `turn.sql` */
export function functionsOf(texts: Readonly<Record<string, string>>): FunctionFile[] {
  return Object.entries(texts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => ({ name, text, checksum: checksumOf(text) }));
}

function checksumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Applies what is missing: migrations, and functions whose text changed. All in one transaction,
 * one process at a time. When nothing is missing it only reads, so a role that may not change the
 * schema can run it.
 * @returns the names of the files applied now
 * @throws LockstepError SCHEMA_NEWER when the schema has a migration this program does not know and
 *   that it cannot go on with; SCHEMA_CHANGED when an applied migration's text differs from this
 *   program's; SCHEMA_OLD when the database holds the tables of a first-edition ledger
 */
export async function migrateDatabase(
  database: Database,
  wanted: Migrations,
): Promise<{ applied: string[] }> {
  const { schema } = database;
  if ((await missingIn(database, schema, wanted)).length === 0) return { applied: [] };
  return database.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`lockstep migrate ${schema}`]);
    const missing = await missingIn(tx, schema, wanted);
    for (const statement of statementsOf(missing, schema, await exists(tx, schema)))
      await tx.query(statement);
    return { applied: missing.map(({ name }) => name) };
  });
}

/** The script that {@link migrateDatabase} would run, for `psql`; empty when nothing is missing. */
export async function migrationScript(database: Database, wanted: Migrations): Promise<string> {
  const { schema } = database;
  const missing = await missingIn(database, schema, wanted);
  if (missing.length === 0) return "";
  const statements = statementsOf(missing, schema, await exists(database, schema));
  return `${["begin", ...statements, "commit"].map((statement) => statement.replace(/;?\s*$/, ";")).join("\n\n")}\n`;
}

type Missing = Migration | FunctionFile;

interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly breaking: boolean;
}

async function missingIn(on: Queryable, schema: string, wanted: Migrations): Promise<Missing[]> {
  const { rows: found } = await on.query<{ known: boolean; first: boolean }>(
    "select to_regclass($1) is not null as known, to_regclass('lockstep_migrations') is not null as first",
    [`${schema}.migrations`],
  );
  if (!found[0]?.known) {
    if (found[0]?.first) throw firstEdition(schema);
    return [...wanted.migrations, ...wanted.functions];
  }
  const { rows } = await on.query<AppliedMigration>(
    `select number, name, checksum, breaking from ${schema}.migrations order by number`,
  );
  assertKnown(rows, wanted.migrations);
  const applied = new Map(rows.map((row) => [row.number, row]));
  const migrations = wanted.migrations.filter((migration) => {
    const row = applied.get(migration.number);
    if (row) assertUnchanged(row, migration);
    return row === undefined;
  });
  // A newer program's functions stay: they go with its migrations.
  if (rows.some((row) => !wanted.migrations.some(({ number }) => number === row.number))) return migrations;
  const files = await on.query<{ name: string; checksum: string }>(
    `select name, checksum from ${schema}.function_files`,
  );
  const current = new Map(files.rows.map((row) => [row.name, row.checksum]));
  return [...migrations, ...wanted.functions.filter(({ name, checksum }) => current.get(name) !== checksum)];
}

function firstEdition(schema: string): LockstepError {
  return new LockstepError(
    "SCHEMA_OLD",
    `The database has the tables of a first-edition ledger (lockstep_migrations), which cannot be upgraded. Nothing was changed. Use another database, or move those tables away; the new ledger is made in the schema ${schema}.`,
  );
}

async function exists(on: Queryable, schema: string): Promise<boolean> {
  const { rows } = await on.query("select from pg_namespace where nspname = $1", [schema]);
  return rows.length > 0;
}

function statementsOf(missing: readonly Missing[], schema: string, schemaExists: boolean): string[] {
  return [
    ...(schemaExists ? [] : [`create schema ${schema}`]),
    ...splitStatements(TABLES),
    // Functions may name functions that come later.
    "set local check_function_bodies = off",
    ...missing.flatMap((file) =>
      "number" in file
        ? [...splitStatements(file.text), recordMigration(file)]
        : [...dropped(file), ...splitStatements(file.text), recordFunction(file)],
    ),
  ].map((statement) => textInSchema(statement, schema));
}

/**
 * Drops the earlier form of each function, with its triggers, whatever its parameters were, and of
 * each view.
 */
function dropped({ text }: FunctionFile): string[] {
  const views = [...text.matchAll(/^create view lockstep\.(\w+)/gm)];
  const names = [...text.matchAll(/^create function lockstep\.(\w+)/gm)].map(([, name]) => name);
  const dropFunctions = names.map(
    (name) => `do $$
declare
  earlier text;
begin
  for earlier in
    select p.oid::regprocedure::text
    from pg_proc p
    join pg_class c on c.relnamespace = p.pronamespace
    where p.proname = '${name}' and c.oid = 'lockstep.migrations'::regclass
  loop
    execute 'drop function ' || earlier || ' cascade';
  end loop;
end
$$`,
  );
  return [...views.map(([, name]) => `drop view if exists lockstep.${name}`), ...dropFunctions];
}

function recordMigration({ number, name, checksum, breaking }: Migration): string {
  return `insert into lockstep.migrations (number, name, checksum, breaking) values (${number}, '${name}', '${checksum}', ${breaking})`;
}

function recordFunction({ name, checksum }: FunctionFile): string {
  return `insert into lockstep.function_files (name, checksum) values ('${name}', '${checksum}')
on conflict (name) do update set checksum = excluded.checksum, applied_at = clock_timestamp()`;
}

function assertKnown(rows: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  const known = new Set(migrations.map(({ number }) => number));
  const newest = migrations.at(-1)?.number ?? 0;
  for (const row of rows) {
    if (known.has(row.number)) continue;
    if (row.number > newest && !row.breaking) continue;
    throw new LockstepError(
      "SCHEMA_NEWER",
      `The database has migration ${row.name}, which this version of Lockstep does not know. Upgrade Lockstep; nothing was changed.`,
    );
  }
}

function assertUnchanged(row: { name: string; checksum: string }, migration: Migration): void {
  if (row.checksum === migration.checksum) return;
  throw new LockstepError(
    "SCHEMA_CHANGED",
    `Migration ${row.name} was applied with a text that differs from the one in this version of Lockstep. Nothing was changed.`,
  );
}

/**
 * Splits a script at semicolons at the end of a line, outside of `$$` bodies. Our own files need no
 * more than this.
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
