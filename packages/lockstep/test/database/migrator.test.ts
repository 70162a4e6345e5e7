import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { openInMemory } from "../../../../tests/servers/embedded.js";
import { type Database, type Migration, migrateDatabase, openDatabase } from "../../src/database/index.js";
import { splitStatements } from "../../src/database/migration-files.js";
import { ledgerSchema, migrate, migrationSql } from "../../src/ledger/index.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function openUrl(): Promise<{ database: Database; url: string }> {
  const fresh = await freshDatabase();
  const database = await openDatabase({ url: fresh.url });
  cleanups.push(async () => {
    await database.close();
    await fresh.drop();
  });
  return { database, url: fresh.url };
}

async function open(engine: "postgres" | "pglite"): Promise<Database> {
  if (engine === "postgres") return (await openUrl()).database;
  const database = await openInMemory();
  cleanups.push(() => database.close());
  return database;
}

const migration = (number: number, text: string, { checksum = "a", breaking = true } = {}): Migration => ({
  number,
  name: `000${number}_x.sql`,
  text,
  checksum,
  breaking,
  transaction: true,
});
const only = (...migrations: Migration[]) => ({ migrations, functions: [] });
const A = migration(1, "create table lockstep.a ();");
const B = migration(2, "create table lockstep.b ();");
const C = migration(3, "create table lockstep.c ();");

const names = () => {
  const { migrations, functions } = ledgerSchema();
  return [...migrations, ...functions].map(({ name }) => name);
};

describe.each(["postgres", "pglite"] as const)("migrating on %s", (engine) => {
  it("applies every file once", async () => {
    const database = await open(engine);
    expect((await migrate(database)).applied).toEqual(names());
    expect((await migrate(database)).applied).toEqual([]);
    expect(await migrationSql(database)).toBe("");
  });

  it("rejects a schema that is newer than the program, and changes nothing", async () => {
    const database = await open(engine);
    await migrateDatabase(database, only(A, B));
    await expect(migrateDatabase(database, only(A))).rejects.toMatchObject({ code: "SCHEMA_NEWER" });
  });

  it("goes on with a newer schema whose new migration does not break it", async () => {
    const database = await open(engine);
    await migrateDatabase(database, only(A, { ...B, breaking: false }));
    expect(await migrateDatabase(database, only(A))).toEqual({ applied: [] });
  });

  it("rejects an unknown migration between two that it knows", async () => {
    const database = await open(engine);
    await migrateDatabase(database, only(A, { ...B, breaking: false }, C));
    await expect(migrateDatabase(database, only(A, C))).rejects.toMatchObject({ code: "SCHEMA_NEWER" });
  });

  it("rejects a migration whose text changed after it was applied", async () => {
    const database = await open(engine);
    await migrateDatabase(database, only(A));
    const other = migration(1, "create table lockstep.other ();", { checksum: "b" });
    await expect(migrateDatabase(database, only(other))).rejects.toMatchObject({ code: "SCHEMA_CHANGED" });
  });

  it("creates a function again when its text changed, also with other parameters", async () => {
    const database = await open(engine);
    const answer = (parameters: string, checksum: string) => ({
      migrations: [A],
      functions: [
        {
          name: "answer.sql",
          text: `create function lockstep.answer(${parameters}) returns text language sql as $$ select '${checksum}' $$;`,
          checksum,
        },
      ],
    });
    await migrateDatabase(database, answer("", "one"));
    expect(await migrateDatabase(database, answer("n integer default 1", "two"))).toEqual({
      applied: ["answer.sql"],
    });
    const { rows } = await database.query("select lockstep.answer() as is");
    expect(rows).toEqual([{ is: "two" }]);
  });

  it("a failed migration leaves nothing behind, neither of itself nor of those before it", async () => {
    const database = await open(engine);
    const broken = only(A, migration(2, "create table lockstep.b ();\nnonsense;"));
    await expect(migrateDatabase(database, broken)).rejects.toThrow();
    const { rows } = await database.query("select from pg_namespace where nspname = 'lockstep'");
    expect(rows).toEqual([]);
  });

  it("refuses a database with the tables of a first-edition ledger, in plain words", async () => {
    const database = await open(engine);
    await database.query("create table lockstep_migrations (number integer)");
    await expect(migrate(database)).rejects.toMatchObject({
      code: "SCHEMA_OLD",
      message: expect.stringContaining("cannot be upgraded"),
    });
  });
});

describe("a schema that is made by hand", () => {
  it("is complete after the printed script ran in psql's way", async () => {
    const { database, url } = await openUrl();
    const script = await migrationSql(database);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(script).finally(() => client.end());
    expect((await migrate(database)).applied).toEqual([]);
  });
});

describe("migrating from several processes at once", () => {
  it("applies each file once, and no process fails", async () => {
    const fresh = await freshDatabase();
    const databases = await Promise.all([1, 2, 3, 4].map(() => openDatabase({ url: fresh.url })));
    try {
      const results = await Promise.all(databases.map(migrate));
      expect(results.flatMap((result) => result.applied)).toHaveLength(names().length);
    } finally {
      for (const database of databases) await database.close();
      await fresh.drop();
    }
  });
});

describe("splitting a migration", () => {
  it("keeps function bodies whole and drops comment lines", () => {
    const script =
      "-- one;\ncreate table a ();\ncreate function f() returns int language plpgsql as $$\nbegin\n  return 1;\nend\n$$;\nselect 1;";
    expect(splitStatements(script)).toEqual([
      "create table a ();",
      "create function f() returns int language plpgsql as $$\nbegin\n  return 1;\nend\n$$;",
      "select 1;",
    ]);
  });
});
