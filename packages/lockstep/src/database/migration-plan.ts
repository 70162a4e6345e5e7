import { LockstepError } from "../errors.js";
import type { Queryable } from "./database.js";
import { textInSchema } from "./in-schema.js";
import {
  type FunctionFile,
  indexesOf,
  type Migration,
  type Migrations,
  splitStatements,
} from "./migration-files.js";

type File = Migration | FunctionFile;

/** Files that are applied together: in one transaction, or one migration outside of any. */
export interface MigrationStep {
  readonly transaction: boolean;
  readonly files: readonly string[];
  /** In the schema of the plan. */
  readonly statements: readonly string[];
}

const TABLES = `
  create table lockstep.migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    breaking boolean not null,
    applied_at timestamptz not null default clock_timestamp()
  );

  create table lockstep.function_files (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default clock_timestamp()
  );`;

/**
 * What is to be done to bring a schema up to date; empty when nothing is missing. Only reads.
 * @throws LockstepError SCHEMA_NEWER, SCHEMA_CHANGED, SCHEMA_OLD
 */
export async function planMigration(
  on: Queryable,
  schema: string,
  wanted: Migrations,
): Promise<readonly MigrationStep[]> {
  const found = await findSchema(on, schema);
  if (!found.migrated && found.firstEdition) throw firstEdition(schema);
  const missing = found.migrated
    ? await missingIn(on, schema, wanted)
    : [...wanted.migrations, ...wanted.functions];
  if (missing.length === 0) return [];
  const prelude = [
    ...(found.exists ? [] : [`create schema ${schema}`]),
    ...(found.migrated ? [] : splitStatements(TABLES)),
  ];
  const steps = prelude.length > 0 ? [inTransaction([], prelude)] : [];
  for (const file of missing) {
    const last = steps.at(-1);
    if (!runsInTransaction(file)) steps.push(await outsideTransaction(on, schema, file));
    else if (last?.transaction) steps.splice(-1, 1, append(last, file));
    else steps.push(append(inTransaction([], []), file));
  }
  return steps.map((step) => ({
    ...step,
    statements: step.statements.map((statement) => textInSchema(statement, schema)),
  }));
}

interface FoundSchema {
  readonly exists: boolean;
  readonly migrated: boolean;
  readonly firstEdition: boolean;
}

async function findSchema(on: Queryable, schema: string): Promise<FoundSchema> {
  const { rows } = await on.query<FoundSchema>(
    `select
      to_regnamespace($1) is not null as exists,
      to_regclass($1 || '.migrations') is not null as migrated,
      to_regclass('lockstep_migrations') is not null as "firstEdition"`,
    [schema],
  );
  return rows[0] ?? { exists: false, migrated: false, firstEdition: false };
}

interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly breaking: boolean;
}

async function missingIn(on: Queryable, schema: string, wanted: Migrations): Promise<File[]> {
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

function runsInTransaction(file: File): file is FunctionFile | (Migration & { readonly transaction: true }) {
  return !("transaction" in file) || file.transaction;
}

function inTransaction(files: readonly string[], statements: readonly string[]): MigrationStep {
  // Functions may name functions that come later.
  return { transaction: true, files, statements: ["set local check_function_bodies = off", ...statements] };
}

function append({ transaction, files, statements }: MigrationStep, file: File): MigrationStep {
  const own = splitStatements(file.text);
  const more =
    "number" in file ? [...own, recordMigration(file)] : [...dropped(file), ...own, recordFunction(file)];
  return { transaction, files: [...files, file.name], statements: [...statements, ...more] };
}

/** An invalid index, which an interrupted attempt left and nothing reads, is dropped first. */
async function outsideTransaction(on: Queryable, schema: string, file: Migration): Promise<MigrationStep> {
  const { rows } = await on.query<{ name: string }>(
    `select c.relname as name
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = to_regnamespace($1) and c.relname = any($2::text[]) and not i.indisvalid
    order by 1`,
    [schema, indexesOf(file)],
  );
  const statements = [
    ...rows.map(({ name }) => `drop index concurrently lockstep.${name}`),
    ...splitStatements(file.text),
    recordMigration(file),
  ];
  return { transaction: false, files: [file.name], statements };
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
