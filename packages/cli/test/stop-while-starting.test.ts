import { once } from "node:events";
import { access, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../tests/servers/database.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { closedPort, runCli, spawnCli, temporaryFolder } from "./run-cli.js";

const STOPPED = 0;
const ENDED_BY_SIGTERM = 143;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, "receptor.pdb"), "END\n");
});

afterAll(() => folder.remove());

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let started = 0;

/** Starts a command with folders of its own, which must be empty when it has ended. */
async function start(args: readonly string[], env: Record<string, string> = {}) {
  started += 1;
  const mark = `start-${process.pid}-${started}`;
  const temporary = join(folder.path, mark);
  await mkdir(temporary);
  const dataDir = ["--data-dir", join(folder.path, `${mark}-data`)];
  const places = ["server", "worker", "up"].includes(args[0] ?? "") ? dataDir : [];
  const child = spawnCli([...args, ...places], {
    cwd: folder.path,
    env: { TMPDIR: temporary, LOCKSTEP_TEST_MARK: mark, ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  const ended = once(child, "close").then(([code, signal]) => (signal === "SIGTERM" ? 143 : code) as number);
  cleanups.push(async () => void child.kill("SIGKILL"));
  return {
    temporary,
    dataDir: dataDir[1] ?? "",
    output: () => output,
    term: () => void child.kill("SIGTERM"),
    ended,
    /** What is left: files in its temporary folder, and processes that it started. */
    left: async () => [...(await readdir(temporary)), ...(await processesWith(mark))],
  };
}

/** The processes whose environment has this text. */
async function processesWith(mark: string): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    ids.map(async (id) => [id, await readFile(`/proc/${id}/environ`, "utf8").catch(() => "")] as const),
  );
  return environments.filter(([, text]) => text.includes(mark)).map(([id]) => `process ${id}`);
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function database(options: { readonly migrated: boolean }): Promise<FreshDatabase> {
  const fresh = await freshDatabase();
  cleanups.push(() => fresh.drop());
  if (options.migrated)
    expect((await runCli(["migrate"], { env: { DATABASE_URL: fresh.url } })).code).toBe(STOPPED);
  return fresh;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on("error", () => undefined);
  await client.connect();
  cleanups.push(() => client.end());
  return client;
}

/** Holds a lock in a transaction, which the command needs in its start. */
async function holdLock(url: string, statement: string) {
  // In a transaction, the view of the activity would not change.
  const [client, watcher] = [await connect(url), await connect(url)];
  await client.query("begin");
  await client.query(statement);
  return {
    untilNeeded: (waiting = "wait_event_type = 'Lock'") =>
      waitFor(
        async () =>
          (
            await watcher.query(
              `select from pg_stat_activity where datname = current_database() and ${waiting}`,
            )
          ).rowCount,
        { what: "a command that waits for the lock" },
      ),
    release: () => client.query("rollback"),
    workers: async () => {
      const { rows } = await watcher.query("select to_regclass('lockstep.workers') is not null as exist");
      return rows[0].exist ? (await watcher.query("select id from lockstep.workers")).rows : [];
    },
  };
}

/** Accepts connections and never answers. */
async function silentServer(): Promise<{ port: number; reached: Promise<unknown> }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return { port, reached: once(server, "connection") };
}

async function answers(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/health/live`).then(
    () => true,
    () => false,
  );
}

const MIGRATING = `select pg_advisory_xact_lock(hashtextextended('lockstep migrate lockstep', 0))`;
const REGISTERING = "lock table lockstep.workers in share mode";
const READING_KEYS = "lock table lockstep.api_keys in access exclusive mode";

describe("SIGTERM while the schema is migrated by another process", () => {
  it.each([["server"], ["worker"], ["up"]])("ends %s with 0, and nothing is left", async (name) => {
    const { url } = await database({ migrated: false });
    const lock = await holdLock(url, MIGRATING);
    const command = await start([name, ...(name === "worker" ? [] : ["--port", "0"])], { DATABASE_URL: url });
    // It tries again and again.
    await lock.untilNeeded("application_name = 'lockstep'");
    command.term();
    await waitFor(() => command.output().includes("Stopping"), { what: "the message that it stops" });
    await lock.release();
    expect(await command.ended).toBe(STOPPED);
    expect(await command.left()).toEqual([]);
    expect(await lock.workers()).toEqual([]);
  });
});

describe("SIGTERM while a database does not answer", () => {
  it.each([["server"], ["worker"], ["up"]])("ends %s with 0", async (name) => {
    const { port, reached } = await silentServer();
    const command = await start([name], { DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` });
    await reached;
    command.term();
    expect(await command.ended).toBe(STOPPED);
    expect(await command.left()).toEqual([]);
  });

  it.each([[["migrate"]], [["archive"]], [["keys", "list"]]])("ends %s at once", async (args) => {
    const { port, reached } = await silentServer();
    const command = await start(args, { DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` });
    await reached;
    command.term();
    expect(await command.ended).toBe(ENDED_BY_SIGTERM);
    expect(await command.left()).toEqual([]);
  });
});

describe("SIGTERM while the server looks for a key", () => {
  it("ends it with 0, and it never listens", async () => {
    const { url } = await database({ migrated: true });
    await runCli(["keys", "create", "me", "--role", "admin"], { env: { DATABASE_URL: url } });
    const lock = await holdLock(url, READING_KEYS);
    const port = await closedPort();
    const command = await start(["server", "--host", "0.0.0.0", "--port", String(port)], {
      DATABASE_URL: url,
    });
    await lock.untilNeeded();
    command.term();
    await waitFor(() => command.output().includes("Stopping"), { what: "the message that it stops" });
    await lock.release();
    expect(await command.ended).toBe(STOPPED);
    expect(await answers(port)).toBe(false);
  });
});

describe("SIGTERM while the worker registers", () => {
  it.each([
    ["worker", []],
    ["up", ["--port", "0"]],
  ])("ends %s with 0, and no worker stays registered", async (name, more) => {
    const { url } = await database({ migrated: true });
    const lock = await holdLock(url, REGISTERING);
    const command = await start([name, ...more], { DATABASE_URL: url });
    await lock.untilNeeded();
    command.term();
    await waitFor(() => command.output().includes("Stopping"), { what: "the message that it stops" });
    await lock.release();
    expect(await command.ended).toBe(STOPPED);
    expect(await lock.workers()).toEqual([]);
    expect(await command.left()).toEqual([]);
  });

  it("and again ends it at once", async () => {
    const { url } = await database({ migrated: true });
    const lock = await holdLock(url, REGISTERING);
    const command = await start(["up", "--port", "0"], { DATABASE_URL: url });
    await lock.untilNeeded();
    command.term();
    await waitFor(() => command.output().includes("Stopping"), { what: "the message that it stops" });
    command.term();
    expect(await command.ended).toBe(1);
    expect(await command.left()).toEqual([]);
  });
});

describe("SIGTERM while the embedded database opens", () => {
  it("ends up with 0, and the next start opens the folder", async () => {
    const command = await start(["up", "--port", "0"]);
    await waitFor(() => isThere(join(command.dataDir, "database")), { what: "the database's folder" });
    command.term();
    expect(await command.ended).toBe(STOPPED);
    expect(await command.left()).toEqual([]);
    const { code } = await runCli(["migrate", "--data-dir", command.dataDir]);
    expect(code).toBe(STOPPED);
  });

  it("ends demo with 1, because it showed nothing, and removes its temporary folder", async () => {
    const command = await start(["demo", "--exit", "--port", "0"]);
    await waitFor(async () => (await readdir(command.temporary)).length, { what: "the temporary folder" });
    command.term();
    expect(await command.ended).toBe(1);
    expect(await command.left()).toEqual([]);
  });

  it("twice ends demo at once, and removes its temporary folder", async () => {
    const command = await start(["demo", "--port", "0"]);
    await waitFor(async () => (await readdir(command.temporary)).length, { what: "the temporary folder" });
    command.term();
    await waitFor(() => command.output().includes("Stopping"), { what: "the message that it stops" });
    command.term();
    expect(await command.ended).toBe(1);
    expect(await command.left()).toEqual([]);
  });
});

describe("SIGTERM while the server does not answer a client", () => {
  it.each([
    [["scan", "."]],
    [["submit", "scan", "--input", "{}"]],
    [["jobs", "list"]],
    [["jobs", "watch"]],
    [["dock", "--receptor", "receptor.pdb", "--smiles", "CCO"]],
  ])("ends %s at once", async (args) => {
    const { port, reached } = await silentServer();
    const command = await start(args, { LOCKSTEP_URL: `http://127.0.0.1:${port}` });
    await Promise.race([reached, command.ended]);
    command.term();
    expect(await command.ended, command.output()).toBe(ENDED_BY_SIGTERM);
    expect(await command.left()).toEqual([]);
  });
});
