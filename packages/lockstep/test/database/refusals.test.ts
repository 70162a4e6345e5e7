import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type FreshDatabase, freshDatabase, startPostgres } from "../../../../tests/servers/database.js";
import { freePort } from "../../../../tests/servers/server-process.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { type Database, openDatabase, sqlState } from "../../src/database/index.js";
import { DatabaseUnavailableError } from "../../src/errors.js";
import { openProxy } from "../worker/proxy.js";

const PASSWORD = "pass-word-that-nobody-prints";
const cleanups: (() => Promise<unknown>)[] = [];
let fresh: FreshDatabase;
let admin: Database;
/** A role that may log in, with a name that no other test uses. */
let role: string;
/** The database's name. */
let name: string;

beforeEach(async () => {
  fresh = await freshDatabase();
  admin = await openDatabase({ url: fresh.url });
  role = `role_${randomBytes(6).toString("hex")}`;
  name = new URL(fresh.url).pathname.slice(1);
  await admin.query(`create role ${role} login password '${PASSWORD}'`);
  cleanups.push(async () => {
    await admin.query(`revoke all on database ${name} from ${role}`).catch(() => undefined);
    await admin.close();
    await fresh.drop();
    const other = await openDatabase({ url: new URL("/postgres", fresh.url).href });
    await other.query(`drop role ${role}`);
    await other.close();
  });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The role's address of the database, changed. */
function address(change: (url: URL) => void = () => undefined): string {
  const url = new URL(fresh.url);
  url.username = role;
  url.password = PASSWORD;
  change(url);
  return url.href;
}

async function openAt(url: string): Promise<Database> {
  const database = await openDatabase({ url });
  cleanups.push(() => database.close());
  return database;
}

const UNAVAILABLE = "DATABASE_UNAVAILABLE";
const code = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: { code?: string }) => error.code,
  );

it.each([
  {
    what: "a wrong password",
    refuse: async () => address((url) => (url.password = `${PASSWORD}-wrong`)),
    cause: /the password was refused \(28P01/,
  },
  {
    what: "no password",
    refuse: async () => address((url) => (url.password = "")),
    cause: /the server asks for a password, but the address has no password/,
  },
  {
    what: "a role that may not log in",
    refuse: async () => {
      await admin.query(`alter role ${role} nologin`);
      return address();
    },
    cause: /the server does not admit this user from this address \(28000/,
  },
  {
    what: "a role without the privilege to connect",
    refuse: async () => {
      await admin.query(`revoke connect on database ${name} from public`);
      return address();
    },
    cause: /this user may not connect to the database \(42501/,
  },
  {
    what: "a database that does not exist",
    refuse: async () => address((url) => (url.pathname = "/no_such_database")),
    cause: /there is no such database \(3D000/,
  },
  {
    what: "no free connection",
    refuse: async () => {
      await admin.query(`alter role ${role} connection limit 0`);
      return address();
    },
    cause: /the server has no free connection \(53300/,
  },
  {
    what: "a database that accepts no connections",
    refuse: async () => {
      const elsewhere = await openAt(new URL("/postgres", fresh.url).href);
      await elsewhere.query(`alter database ${name} allow_connections false`);
      return address();
    },
    cause: /the database does not accept connections \(55000/,
  },
  {
    what: "an unknown host",
    refuse: async () => address((url) => (url.hostname = "no-such-host.invalid")),
    cause: /the host name is unknown|the name of the host cannot be looked up/,
  },
  {
    what: "a port on which nothing listens",
    refuse: async () => {
      const port = await freePort();
      return address((url) => (url.port = String(port)));
    },
    cause: /nothing listens at that address \(ECONNREFUSED/,
  },
  {
    what: "a server that does not offer TLS",
    refuse: async () => address((url) => url.searchParams.set("sslmode", "require")),
    cause: /TLS failed: the server does not support SSL connections/,
  },
])("$what: every call is DATABASE_UNAVAILABLE and says where and why", async ({ refuse, cause }) => {
  const url = await refuse();
  const { hostname, port, pathname } = new URL(url);
  const database = await openAt(url);
  for (const call of [
    () => database.query("select 1"),
    () => database.transaction((tx) => tx.query("select 1")),
    () => database.connect(),
    () => database.query({ name: "one", text: "select 1", dedicated: true }),
  ]) {
    const error = await call().catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(DatabaseUnavailableError);
    const { message } = error as DatabaseUnavailableError;
    expect(message).toContain(`database ${pathname.slice(1)} at ${hostname}:${port}`);
    expect(message).toMatch(cause);
    expect(message).not.toContain(PASSWORD);
    expect(JSON.stringify(error)).not.toContain(PASSWORD);
  }
});

it("a statement with a wrong number of parameters is a fault of the program, not an outage", async () => {
  const database = await openAt(fresh.url);
  const error = await database
    .query("select $1::integer + $2::integer", [1])
    .catch((fault: unknown) => fault);
  expect(error).not.toBeInstanceOf(DatabaseUnavailableError);
  expect(sqlState(error)).toBe("08P01");
  expect((await database.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

it("an outage while running names its cause, and is logged once when it begins and once when it ends", async () => {
  const server = await startPostgres();
  cleanups.push(() => server.remove());
  const log = { info: vi.fn(), warn: vi.fn() };
  const database = await openDatabase({ url: server.url, log });
  cleanups.push(() => database.close());
  await database.query("select 1");
  await server.stop();
  for (let call = 0; call < 50; call++) {
    const error = await database.query("select 1").catch((outage: unknown) => outage);
    expect((error as Error).message).toContain(`The database postgres at 127.0.0.1:${server.port}`);
  }
  expect(log.warn.mock.calls).toEqual([
    [{ reason: expect.stringContaining("ECONNREFUSED") }, "the database is unavailable"],
  ]);
  await server.start();
  await waitFor(() => database.query("select 1").catch(() => null), { what: "the database to answer again" });
  expect(log.info.mock.calls).toEqual([[{}, "the database can be used again"]]);
});

it("while connections are refused, calls do not storm the server with attempts", async () => {
  const proxy = await openProxy(fresh.url);
  cleanups.push(() => proxy.close());
  const database = await openAt(proxy.url);
  await database.query("select 1");
  proxy.cut();
  for (let call = 0; call < 500; call++) expect(await code(database.query("select 1"))).toBe(UNAVAILABLE);
  expect(proxy.refused()).toBeLessThan(50);
  proxy.restore();
  await waitFor(() => database.query("select 1").catch(() => null), { what: "the database to answer again" });
});

it("a connection that dies between two statements costs one call at most, and not the process", async () => {
  const database = await openAt(fresh.url);
  const session = await database.connect();
  const { rows } = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
  await admin.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
  await waitFor(
    () =>
      session
        .query("select 1")
        .catch(() => "dead")
        .then((answer) => answer === "dead"),
    {
      what: "the session to end",
    },
  );
  await session.release();
  await database.query("select 1");
  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await waitFor(() => database.query("select 1").catch(() => null), { what: "a new connection" });
});
