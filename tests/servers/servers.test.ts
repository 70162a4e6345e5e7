import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { freshDatabase, type Postgres, startPostgres } from "./database.js";
import { startRedis } from "./redis.js";
import { waitFor } from "./wait-for.js";

async function ask(url: string, sql: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows[0];
  } finally {
    await client.end();
  }
}

describe("the run's server", () => {
  it("gives every caller its own empty database", async () => {
    const [a, b] = await Promise.all([freshDatabase(), freshDatabase()]);
    await ask(a.url, "create table only_in_a (id int)");
    expect(await ask(b.url, "select to_regclass('only_in_a') as found")).toEqual({ found: null });
    await Promise.all([a.drop(), b.drop()]);
    await expect(ask(a.url, "select 1")).rejects.toMatchObject({ code: "3D000" });
  });

  it("writes durably and requires a password", async () => {
    const database = await freshDatabase();
    expect(await ask(database.url, "select current_setting('fsync') as fsync")).toEqual({ fsync: "on" });
    const stranger = new URL(database.url);
    stranger.password = "wrong";
    await expect(ask(stranger.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    await database.drop();
  });
});

describe("a test's own server", () => {
  const started: Postgres[] = [];
  afterAll(() => Promise.all(started.map((server) => server.remove())));

  it("keeps what was committed over a stop, a crash and a kill, on the same port", async () => {
    const server = await startPostgres();
    started.push(server);
    await ask(server.url, "create table kept (n int)");
    const cycles = [() => server.stop(), () => server.restartImmediate(), () => server.kill()];
    for (const [n, cycle] of cycles.entries()) {
      await ask(server.url, `insert into kept values (${n})`);
      await cycle();
      await server.start();
    }
    expect(await ask(server.url, "select count(*)::int as rows from kept")).toEqual({ rows: 3 });
    await server.remove();
    expect(existsSync(dirname(server.logFile))).toBe(false);
  });
});

it("redis answers with its password and refuses without", async () => {
  const redis = await startRedis();
  const { connect } = await import("node:net");
  const socket = connect(redis.port, "127.0.0.1");
  let heard = "";
  socket.setEncoding("utf8").on("data", (text) => {
    heard += String(text);
  });
  socket.write(`PING\r\nAUTH ${new URL(redis.url).password}\r\nPING\r\n`);
  await waitFor(() => heard.endsWith("+PONG\r\n"), { what: "PONG" });
  expect(heard.startsWith("-NOAUTH")).toBe(true);
  socket.destroy();
  await redis.remove();
});

it("a wait that times out says what it waited for, and why", async () => {
  const condition = () => {
    readFileSync("/nonexistent");
  };
  const wait = waitFor(condition, { deadlineMs: 50, what: "the impossible" });
  await expect(wait).rejects.toThrow("waited in vain for the impossible (50 ms)");
  await expect(wait).rejects.toMatchObject({ cause: { code: "ENOENT" } });
});
