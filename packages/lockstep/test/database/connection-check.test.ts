import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import pg from "pg";
import { afterEach, describe, expect, it, vi } from "vitest";
import { freshDatabase, type Postgres, startPostgres } from "../../../../tests/servers/database.js";
import { openInMemory } from "../../../../tests/servers/embedded.js";
import { startPgbouncer } from "../../../../tests/servers/pgbouncer.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { type Database, openDatabase } from "../../src/database/index.js";
import { openProxy } from "../worker/proxy.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function fakeLog() {
  return { info: vi.fn(), warn: vi.fn() };
}

async function openAt(url: string, log = fakeLog()): Promise<Database> {
  const database = await openDatabase({ url, log });
  cleanups.push(() => database.close());
  return database;
}

async function ownServer(): Promise<Postgres> {
  const server = await startPostgres();
  cleanups.push(() => server.remove());
  return server;
}

async function fresh() {
  const database = await freshDatabase();
  cleanups.push(() => database.drop());
  return { url: database.url, name: new URL(database.url).pathname.slice(1) };
}

/** Runs statements as the administrator, on a connection of its own. */
async function administer(url: string, ...statements: string[]): Promise<void> {
  const admin = await openDatabase({ url });
  try {
    for (const statement of statements) await admin.query(statement);
  } finally {
    await admin.close();
  }
}

const messageOf = (call: Promise<unknown>) =>
  call.then(
    () => "no error",
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  );

describe("the server that a new connection reaches", () => {
  it("is refused while it is a standby, for statements and the listener, and used once it is promoted", async () => {
    const server = await ownServer();
    const database = await openAt(server.url);
    const heard: (string | null)[] = [];
    await database.listen("news", (payload) => heard.push(payload));
    await database.query("select 1");
    const signal = join(dirname(server.logFile), "data", "standby.signal");
    await server.stop();
    writeFileSync(signal, "");
    await server.start();
    const words =
      /^DATABASE_UNAVAILABLE: The database postgres at 127\.0\.0\.1:\d+ is unavailable: the server is a standby/;
    await waitFor(async () => words.test(await messageOf(database.query("select 1"))), {
      what: "the standby to be refused",
    });
    expect(await messageOf(database.connect())).toMatch(words);
    await server.stop();
    rmSync(signal);
    await server.start();
    await waitFor(() => database.query("select 1").catch(() => null), { what: "the primary to be used" });
    await waitFor(() => heard.includes(null), { what: "the listener to report the gap" });
  });

  it("is refused while the database is read-only", async () => {
    const { url, name } = await fresh();
    await administer(url, `alter database ${name} set default_transaction_read_only = on`);
    expect(await messageOf((await openAt(url)).query("select 1"))).toMatch(
      /^DATABASE_UNAVAILABLE: .* is unavailable: the database is read-only/,
    );
  });

  it("is refused when it belongs to another cluster than the first one, and used when it is the first again", async () => {
    const [first, second] = [await ownServer(), await ownServer()];
    for (const { url } of [first, second])
      await administer(url, "create role app login password 'same'", "create database app owner app");
    const appAt = (server: Postgres) => `postgres://app:same@127.0.0.1:${server.port}/app`;
    const proxy = await openProxy(appAt(first));
    cleanups.push(() => proxy.close());
    const database = await openAt(proxy.url);
    await database.query("select 1");
    proxy.redirect(appAt(second));
    await waitFor(
      async () => (await messageOf(database.query("select 1"))).includes("belongs to another cluster"),
      { what: "the other cluster to be refused" },
    );
    expect(await messageOf(database.query("select 1"))).toMatch(/^DATABASE_UNAVAILABLE: .*[Rr]estart/);
    proxy.redirect(appAt(first));
    await waitFor(() => database.query("select 1").catch(() => null), { what: "the first cluster" });
  });

  it("is refused when the database was dropped and another one created under its name", async () => {
    const { url, name } = await fresh();
    const database = await openAt(url);
    await database.query("select 1");
    const postgres = new URL("/postgres", url).href;
    await administer(postgres, `drop database ${name} with (force)`, `create database ${name}`);
    await waitFor(async () => (await messageOf(database.query("select 1"))).includes("is another database"), {
      what: "the new database to be refused",
    });
  });

  it("is asked in one round trip for each new connection, and never again", async () => {
    const { url } = await fresh();
    const database = await openAt(url);
    const asked = vi.spyOn(pg.Client.prototype, "query");
    cleanups.push(async () => asked.mockRestore());
    const sessions = await Promise.all([1, 2, 3].map(() => database.connect()));
    expect(asked).toHaveBeenCalledTimes(3);
    await Promise.all(sessions.map((session) => session.release()));
    await database.query("select 1");
    expect(asked).toHaveBeenCalledTimes(4);
  });
});

const SHOW = "select current_setting('synchronous_commit') as level";
const levelOf = async (database: Database) => (await database.query<{ level: string }>(SHOW)).rows[0]?.level;
const levelInTransaction = (database: Database) =>
  database.transaction(async (tx) => (await tx.query<{ level: string }>(SHOW)).rows[0]?.level);

describe("synchronous_commit = off", () => {
  it.each(["database", "role"])(
    "set on the %s does not apply to our connections, and is reported once",
    async (on) => {
      const { url, name } = await fresh();
      const role = `role_${name}`;
      await administer(url, `create role ${role} login superuser password 'secret'`);
      cleanups.push(() => administer(new URL("/postgres", url).href, `drop role ${role}`));
      await administer(url, `alter ${on} ${on === "role" ? role : name} set synchronous_commit = off`);
      const log = fakeLog();
      const address = new URL(url);
      address.username = role;
      address.password = "secret";
      const database = await openAt(address.href, log);
      const session = await database.connect();
      expect((await session.query(SHOW)).rows).toEqual([{ level: "on" }]);
      expect(await levelOf(database)).toBe("on");
      expect(await levelInTransaction(database)).toBe("on");
      await session.release();
      expect(log.warn.mock.calls).toEqual([
        [{ database: name }, expect.stringContaining("synchronous_commit is off")],
      ]);
      await database.close();
    },
  );

  it("behind pgbouncer is overridden in each transaction, and changes nothing for its other clients", async () => {
    const { url, name } = await fresh();
    await administer(url, `alter database ${name} set synchronous_commit = off`);
    const pgbouncer = await startPgbouncer(url);
    cleanups.push(() => pgbouncer.remove());
    const log = fakeLog();
    const database = await openAt(pgbouncer.url, log);
    const levels = await Promise.all(Array.from({ length: 20 }, () => levelOf(database)));
    expect(new Set(levels)).toEqual(new Set(["on"]));
    expect(await levelInTransaction(database)).toBe("on");
    expect(log.warn).toHaveBeenCalledOnce();
    const other = new URL(pgbouncer.url);
    other.searchParams.delete("pgbouncer");
    const client = new pg.Client({ connectionString: other.href });
    await client.connect();
    expect((await client.query(SHOW)).rows).toEqual([{ level: "off" }]);
    await client.end();
    await database.close();
  });

  it.each(["local", "remote_apply"])("is the only level that is changed: %s stays", async (level) => {
    const { url, name } = await fresh();
    await administer(url, `alter database ${name} set synchronous_commit = ${level}`);
    const log = fakeLog();
    const database = await openAt(url, log);
    expect(await levelOf(database)).toBe(level);
    expect(log.warn).not.toHaveBeenCalled();
  });

  it("does not apply to the embedded database", async () => {
    const database = await openInMemory();
    cleanups.push(() => database.close());
    expect(await levelOf(database)).toBe("on");
  });
});
