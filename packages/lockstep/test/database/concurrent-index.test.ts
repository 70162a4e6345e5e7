import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { openInMemory } from "../../../../tests/servers/embedded.js";
import { startPgbouncer } from "../../../../tests/servers/pgbouncer.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import {
  type Database,
  migrateDatabase,
  migrationScript,
  migrationsOf,
  openDatabase,
} from "../../src/database/index.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function openUrl(): Promise<{ database: Database; url: string; client: pg.Client }> {
  const fresh = await freshDatabase();
  const database = await openDatabase({ url: fresh.url });
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
  cleanups.push(async () => {
    await client.end();
    await database.close();
    await fresh.drop();
  });
  return { database, client, url: fresh.url };
}

const TABLE =
  "create table lockstep.a (n integer);\ninsert into lockstep.a select g from generate_series(1, 1000) g;";
const INDEX =
  "-- Breaking: no\n-- Transaction: no\ncreate index concurrently if not exists a_n\n  on lockstep.a (n);";
const files = (index = INDEX) => ({
  migrations: migrationsOf({
    "0001_a.sql": TABLE,
    "0002_index.sql": index,
    "0003_b.sql": "create table lockstep.b ();",
  }),
  functions: [],
});
const before = { ...files(), migrations: files().migrations.slice(0, 1) };

async function indexes(database: Database) {
  const { rows } = await database.query<{ name: string; valid: boolean }>(
    "select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'a_n%'",
  );
  return rows;
}

describe("a migration that runs outside a transaction", () => {
  it.each(["postgres", "pglite"] as const)("builds its index concurrently, once, on %s", async (engine) => {
    const database = engine === "postgres" ? (await openUrl()).database : await openInMemory();
    if (engine === "pglite") cleanups.push(() => database.close());
    const applied = ["0001_a.sql", "0002_index.sql", "0003_b.sql"];
    expect(await migrateDatabase(database, files())).toEqual({ applied });
    expect(await indexes(database)).toEqual([{ name: "a_n", valid: true }]);
    expect(await migrateDatabase(database, files())).toEqual({ applied: [] });
    const { rows } = await database.query("show statement_timeout");
    expect(rows).toEqual([{ statement_timeout: engine === "postgres" ? "15s" : "0" }]);
  });

  it("does an interrupted index again, instead of taking the invalid one", async () => {
    const { database, client, url } = await openUrl();
    await migrateDatabase(database, before);
    // The index waits for this transaction, and its session is ended while it waits.
    await client.query("begin; lock table lockstep.a in row exclusive mode");
    const interrupted = migrateDatabase(database, files());
    const observer = new pg.Client({ connectionString: url });
    await observer.connect();
    cleanups.push(() => observer.end());
    const building = async () =>
      (
        await observer.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where query like 'create index%' and wait_event_type = 'Lock'",
        )
      ).rowCount;
    const failed = expect(interrupted).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    await waitFor(async () => (await building()) === 1, { what: "the index to be in progress" });
    await failed;
    await client.query("rollback");
    expect(await indexes(database)).toEqual([{ name: "a_n", valid: false }]);
    expect(await migrationScript(database, files())).toContain("drop index concurrently lockstep.a_n;");
    expect((await migrateDatabase(database, files())).applied).toEqual(["0002_index.sql", "0003_b.sql"]);
    expect(await indexes(database)).toEqual([{ name: "a_n", valid: true }]);
  });

  it("may take longer than any other statement", async () => {
    const { database, client, url } = await openUrl();
    await migrateDatabase(database, before);
    const hurried = new URL(url);
    hurried.searchParams.set("options", "-c statement_timeout=1000 -c lock_timeout=1000");
    const other = await openDatabase({ url: hurried.href });
    cleanups.push(() => other.close());
    await client.query("begin; lock table lockstep.a in row exclusive mode");
    const migrating = migrateDatabase(other, files());
    migrating.catch(() => undefined);
    const late =
      "select from pg_stat_activity where query like 'create index%' and state = 'active' and clock_timestamp() > query_start + interval '2 seconds'";
    await waitFor(async () => (await database.query(late)).rowCount === 1, { what: "a late index" }).finally(
      () => client.query("rollback"),
    );
    expect((await migrating).applied).toEqual(["0002_index.sql", "0003_b.sql"]);
  });

  it("several processes at once build it once, and none fails", async () => {
    const { database, url } = await openUrl();
    await migrateDatabase(database, before);
    const others = await Promise.all([1, 2, 3].map(() => openDatabase({ url })));
    cleanups.push(() => Promise.all(others.map((each) => each.close())));
    const results = await Promise.all([database, ...others].map((each) => migrateDatabase(each, files())));
    expect(results.flatMap(({ applied }) => applied)).toEqual(["0002_index.sql", "0003_b.sql"]);
    expect(await indexes(database)).toEqual([{ name: "a_n", valid: true }]);
  });

  it("a unique index that the rows contradict is reported, and nothing says that it was applied", async () => {
    const { database } = await openUrl();
    await migrateDatabase(database, before);
    await database.query("insert into lockstep.a values (7)");
    const unique = INDEX.replace("create index", "create unique index");
    await expect(migrateDatabase(database, files(unique))).rejects.toMatchObject({ code: "23505" });
    await database.query("delete from lockstep.a where n = 7");
    expect((await migrateDatabase(database, files(unique))).applied).toEqual([
      "0002_index.sql",
      "0003_b.sql",
    ]);
  });

  it("has a printed script with the same effect", async () => {
    const { database, client } = await openUrl();
    const script = await migrationScript(database, files());
    // Sent apart, as psql does: a text of several statements is one transaction.
    for (const statement of script.split(/;\n\n/)) await client.query(statement);
    expect(await migrateDatabase(database, files())).toEqual({ applied: [] });
    expect(await indexes(database)).toEqual([{ name: "a_n", valid: true }]);
  });

  it("is refused behind pgbouncer, in words", async () => {
    const { url } = await openUrl();
    const pgbouncer = await startPgbouncer(url);
    const pooled = await openDatabase({ url: pgbouncer.url });
    cleanups.push(async () => {
      await pooled.close();
      await pgbouncer.remove();
    });
    await migrateDatabase(pooled, before);
    await expect(migrateDatabase(pooled, files())).rejects.toMatchObject({ code: "SCHEMA_NEEDS_SESSION" });
  });

  it.each([
    ["-- Transaction: no\ncreate index concurrently if not exists x on lockstep.a (n);", "Breaking: no"],
    ["-- Breaking: no\n-- Transaction: no\ncreate index concurrently x on lockstep.a (n);", "if not exists"],
    ["-- Breaking: no\n-- Transaction: no\ncreate table lockstep.c ();", "may only create indexes"],
  ])("must be repeatable: %j", (text, message) => {
    expect(() => migrationsOf({ "0002_x.sql": text })).toThrow(message);
  });
});
