import { afterEach, describe, expect, it } from "vitest";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { openInMemory } from "../../../../tests/servers/embedded.js";
import { type Database, migrateDatabase, openDatabase } from "../../src/database/index.js";
import { splitStatements } from "../../src/database/migrator.js";
import { ledgerMigrations, migrate } from "../../src/ledger/index.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(engine: "postgres" | "pglite"): Promise<Database> {
  const fresh = engine === "postgres" ? await freshDatabase() : null;
  const database = fresh ? await openDatabase({ url: fresh.url }) : await openInMemory();
  cleanups.push(async () => {
    await database.close();
    await fresh?.drop();
  });
  return database;
}

const migration = (number: number, text: string, checksum = "a") => ({
  number,
  name: `000${number}_x.sql`,
  text,
  checksum,
});

describe.each(["postgres", "pglite"] as const)("migrating on %s", (engine) => {
  it("applies every migration once", async () => {
    const database = await open(engine);
    const names = ledgerMigrations().map(({ name }) => name);
    expect((await migrate(database)).applied).toEqual(names);
    expect((await migrate(database)).applied).toEqual([]);
  });

  it("rejects a schema that is newer than the program, and changes nothing", async () => {
    const database = await open(engine);
    await migrateDatabase(database, [migration(1, "create table a ();"), migration(2, "create table b ();")]);
    await expect(migrateDatabase(database, [migration(1, "create table a ();")])).rejects.toMatchObject({
      code: "SCHEMA_NEWER",
    });
  });

  it("rejects a migration whose text changed after it was applied", async () => {
    const database = await open(engine);
    await migrateDatabase(database, [migration(1, "create table a ();")]);
    await expect(
      migrateDatabase(database, [migration(1, "create table other ();", "b")]),
    ).rejects.toMatchObject({ code: "SCHEMA_CHANGED" });
  });

  it("a failed migration leaves nothing behind, neither of itself nor of those before it", async () => {
    const database = await open(engine);
    const broken = [migration(1, "create table a ();"), migration(2, "create table b ();\nnonsense;")];
    await expect(migrateDatabase(database, broken)).rejects.toThrow();
    const { rows } = await database.query("select tablename from pg_tables where schemaname = 'public'");
    expect(rows).toEqual([]);
  });
});

describe("migrating from several processes at once", () => {
  it("applies each migration once, and no process fails", async () => {
    const fresh = await freshDatabase();
    const databases = await Promise.all([1, 2, 3, 4].map(() => openDatabase({ url: fresh.url })));
    try {
      const results = await Promise.all(databases.map(migrate));
      expect(results.flatMap((result) => result.applied)).toHaveLength(ledgerMigrations().length);
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
