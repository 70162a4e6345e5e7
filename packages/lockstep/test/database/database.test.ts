import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { freshDatabase, startPostgres } from "../../../../tests/servers/database.js";
import { openInMemory } from "../../../../tests/servers/embedded.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { type Database, openDatabase, sqlState } from "../../src/database/index.js";
import { DatabaseUnavailableError } from "../../src/errors.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(engine: "postgres" | "pglite", poolSize = 4): Promise<Database> {
  const fresh = engine === "postgres" ? await freshDatabase() : null;
  const database = fresh ? await openDatabase({ url: fresh.url, poolSize }) : await openInMemory();
  cleanups.push(async () => {
    await database.close();
    await fresh?.drop();
  });
  return database;
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { code?: string }) => error.code,
  );

describe.each(["postgres", "pglite"] as const)("a database on %s", (engine) => {
  it("returns the types that the database interface promises", async () => {
    const database = await open(engine);
    const { rows } = await database.query(
      "select 9007199254740993::int8 as big, 7::int4 as small, '2026-01-02 03:04:05.6+00'::timestamptz as at, '{\"a\":[1]}'::jsonb as json, array['x']::text[] as list, null as nothing",
    );
    expect(rows).toEqual([
      {
        big: "9007199254740993",
        small: 7,
        at: "2026-01-02T03:04:05.600000Z",
        json: { a: [1] },
        list: ["x"],
        nothing: null,
      },
    ]);
  });

  it("commits the work of a transaction, and rolls back when its function throws", async () => {
    const database = await open(engine);
    await database.query("create table t (n integer primary key)");
    expect(
      await database.transaction(async (tx) => (await tx.query("insert into t values (1) returning n")).rows),
    ).toEqual([{ n: 1 }]);
    const failure = new Error("mine");
    await expect(
      database.transaction(async (tx) => {
        await tx.query("insert into t values (2)");
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect((await database.query("select n from t")).rows).toEqual([{ n: 1 }]);
  });

  it("keeps the SQLSTATE of an error in a statement, and works after it", async () => {
    const database = await open(engine);
    await database.query("create table t (n integer primary key)");
    await database.query("insert into t values (1)");
    const error = await database.query("insert into t values (1)").catch((refusal: unknown) => refusal);
    expect(sqlState(error)).toBe("23505");
    await expect(database.transaction((tx) => tx.query("nonsense"))).rejects.toMatchObject({ code: "42601" });
    expect((await database.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  it("is READ COMMITTED and UTC", async () => {
    const database = await open(engine);
    const { rows } = await database.transaction((tx) =>
      tx.query(
        "select current_setting('transaction_isolation') as isolation, current_setting('timezone') as zone",
      ),
    );
    expect(rows).toEqual([{ isolation: "read committed", zone: "UTC" }]);
  });

  it("delivers notifications until the listener is removed", async () => {
    const database = await open(engine);
    const heard: (string | null)[] = [];
    const stop = await database.listen("news", (payload) => heard.push(payload));
    await database.query("select pg_notify('news', 'one')");
    await waitFor(() => heard.includes("one"), { what: "the notification" });
    await stop();
    await database.query("select pg_notify('news', 'two')");
    await database.query("select 1");
    expect(heard).toEqual(["one"]);
  });
});

it("a dedicated statement waits for no other, and uses the same session every time", async () => {
  const database = await open("postgres", 1);
  const session = async (statement: { name: string; text: string; dedicated?: boolean }) =>
    (await database.query<{ pid: number }>(statement)).rows[0]?.pid;
  const who = { name: "who", text: "select pg_backend_pid() as pid" };
  const first = await session({ ...who, dedicated: true });
  await database.transaction(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>(who);
    expect(await session({ ...who, dedicated: true })).toBe(first);
    expect(rows[0]?.pid).not.toBe(first);
  });
});

describe("an outage of PostgreSQL", () => {
  it("gives a clear error, and the same database object works when PostgreSQL is back", async () => {
    const server = await startPostgres();
    cleanups.push(() => server.remove());
    const database = await openDatabase({ url: server.url });
    cleanups.push(() => database.close());
    const heard: (string | null)[] = [];
    await database.listen("news", (payload) => heard.push(payload));
    await database.query("select 1");
    await server.stop();
    expect(await code(database.query("select 1"))).toBe("DATABASE_UNAVAILABLE");
    expect(await code(database.transaction((tx) => tx.query("select 1")))).toBe("DATABASE_UNAVAILABLE");
    expect(await code(database.connect())).toBe("DATABASE_UNAVAILABLE");
    await server.start();
    await waitFor(async () => (await database.query("select 1")).rows.length === 1, {
      what: "the server to answer",
    });
    await waitFor(() => heard.includes(null), { what: "the listener to report the gap" });
    await database.query("select pg_notify('news', 'again')");
    await waitFor(() => heard.includes("again"), { what: "a notification after the gap" });
  });

  it("a connection whose backend was terminated is not used again", async () => {
    const database = await open("postgres", 1);
    const pid = async () =>
      (await database.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
    const first = await pid();
    expect(await code(database.query("select pg_terminate_backend(pg_backend_pid())"))).toBe(
      "DATABASE_UNAVAILABLE",
    );
    expect(await pid()).not.toBe(first);
  });

  it("is detected when a statement gets no answer in 20 seconds; its connection is not used again", async () => {
    const database = await open("postgres", 1);
    const pid = async () =>
      (await database.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
    const first = await pid();
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      const silent = database.query("select pg_sleep(5)");
      const rejected = expect(silent).rejects.toBeInstanceOf(DatabaseUnavailableError);
      await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(19_000);
      expect(await Promise.race([silent, Promise.resolve("waits")])).toBe("waits");
      vi.advanceTimersByTime(1_500);
      await rejected;
    } finally {
      vi.useRealTimers();
    }
    expect(await pid()).not.toBe(first);
  });

  it("a statement cancelled by its time limit leaves no connection behind in the pool", async () => {
    const database = await open("postgres", 1);
    const pid = async () =>
      (await database.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
    const first = await pid();
    const slow = database.transaction(async (tx) => {
      await tx.query("set local statement_timeout = 50");
      await tx.query("select pg_sleep(5)");
    });
    expect(await code(slow)).toBe("DATABASE_UNAVAILABLE");
    const session = await database.connect();
    expect(await code(session.query("select pg_cancel_backend(pg_backend_pid()), pg_sleep(1)"))).toBe(
      "DATABASE_UNAVAILABLE",
    );
    await session.release();
    expect(await pid()).not.toBe(first);
  });
});

describe("the embedded database's folder", () => {
  it("is refused to a second user while the first has it open, and keeps what was committed", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "lockstep-embedded-"));
    cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
    const first = await openDatabase({ dataDir });
    await first.query("create table t as select 1 as n");
    await expect(openDatabase({ dataDir })).rejects.toMatchObject({ code: "DATA_DIR_LOCKED" });
    await first.close();
    const second = await openDatabase({ dataDir });
    cleanups.push(() => second.close());
    expect((await second.query("select n from t")).rows).toEqual([{ n: 1 }]);
  });
});
