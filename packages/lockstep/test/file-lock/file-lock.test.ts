import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterEach, beforeEach, expect, it } from "vitest";
import { programOf } from "../../../../tests/runner/program.js";
import { acquireFileLock } from "../../src/file-lock/index.js";

const PROGRAM = programOf(new URL("take-lock.ts", import.meta.url));

class Taker {
  readonly process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(path: string) {
    this.process = spawn(process.execPath, [PROGRAM, path], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines: Interface = createInterface({ input: this.process.stdout! });
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async answer(): Promise<string> {
    return (await this.#lines.next()).value as string;
  }

  async order(order: "take" | "release"): Promise<string> {
    this.process.stdin!.write(`${order}\n`);
    return await this.answer();
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill("SIGKILL");
    await once(this.process, "exit");
  }
}

let folder: string;
let path: string;
const takers: Taker[] = [];

async function startTaker(): Promise<Taker> {
  const taker = new Taker(path);
  takers.push(taker);
  expect(await taker.answer()).toBe("ready");
  return taker;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-lock-"));
  path = join(folder, "data", "lock");
});

afterEach(async () => {
  await Promise.all(takers.splice(0).map((taker) => taker.kill()));
  await rm(folder, { recursive: true, force: true });
});

it("refuses a second process and names the process that holds the path, until it is released", async () => {
  const mine = await acquireFileLock(path);
  if (!mine.held) throw new Error("the first taker was refused");
  expect(await acquireFileLock(path)).toEqual({ held: false, pid: process.pid });
  const other = await startTaker();
  expect(await other.order("take")).toBe(`refused ${process.pid}`);
  await mine.release();
  await mine.release();
  expect(await other.order("take")).toBe("held");
  expect(await acquireFileLock(path)).toEqual({ held: false, pid: other.process.pid });
});

it("takes over from a process that was killed", async () => {
  const first = await startTaker();
  expect(await first.order("take")).toBe("held");
  await first.kill();
  const mine = await acquireFileLock(path);
  expect(mine.held).toBe(true);
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ pid: process.pid });
});

it("gives a dead process's lock to exactly one of many processes, again and again", async () => {
  const racers = await Promise.all(Array.from({ length: 6 }, startTaker));
  let dead = await startTaker();
  expect(await dead.order("take")).toBe("held");
  while (racers.length > 1) {
    await dead.kill();
    const answers = await Promise.all(racers.map((racer) => racer.order("take")));
    const winners = racers.filter((_, index) => answers[index] === "held");
    expect(winners).toHaveLength(1);
    dead = winners[0]!;
    racers.splice(racers.indexOf(dead), 1);
  }
  expect((await readdir(join(folder, "data"))).filter((name) => name.includes("after"))).toEqual([]);
});

it("survives a process that was killed while it took over the lock", async () => {
  const gone = { pid: 2 ** 22 + 1, started: "1", namespace: await namespace() };
  const lock = await acquireFileLock(path);
  if (lock.held) await lock.release();
  await writeFile(path, JSON.stringify({ ...gone, nonce: "a".repeat(16) }));
  await writeFile(`${path}.after-${"a".repeat(16)}`, JSON.stringify({ ...gone, nonce: "b".repeat(16) }));
  expect((await acquireFileLock(path)).held).toBe(true);
});

it("treats the owner as dead when its pid now belongs to a younger process", async () => {
  const lock = await acquireFileLock(path);
  if (lock.held) await lock.release();
  const reused = { pid: process.pid, started: "1", namespace: await namespace(), nonce: "c".repeat(16) };
  await writeFile(path, JSON.stringify(reused));
  expect((await acquireFileLock(path)).held).toBe(true);
});

it("trusts an owner in another container as long as it touches the file", async () => {
  const lock = await acquireFileLock(path);
  if (lock.held) await lock.release();
  const foreign = { pid: 1, started: "1", namespace: "pid:[1]", nonce: "d".repeat(16) };
  await writeFile(path, JSON.stringify(foreign));
  expect(await acquireFileLock(path)).toEqual({ held: false, pid: 1 });
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(path, longAgo, longAgo);
  expect((await acquireFileLock(path)).held).toBe(true);
});

it("does not touch a lock file that it cannot read", async () => {
  const lock = await acquireFileLock(path);
  if (lock.held) await lock.release();
  await writeFile(path, "no lock of ours");
  expect(await acquireFileLock(path)).toEqual({ held: false, pid: null });
  expect(await readFile(path, "utf8")).toBe("no lock of ours");
});

async function namespace(): Promise<string | null> {
  const probe = await acquireFileLock(join(folder, "probe"));
  const holder: unknown = JSON.parse(await readFile(join(folder, "probe"), "utf8"));
  if (probe.held) await probe.release();
  return (holder as { namespace: string | null }).namespace;
}
