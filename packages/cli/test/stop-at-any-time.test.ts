import { once } from "node:events";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { openDatabase } from "lockstep/internal/database";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../tests/servers/database.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { runCli, spawnCli, temporaryFolder } from "./run-cli.js";

/**
 * Processor time of the process when the signal is sent, which measures its progress however busy
 * the machine is: from a process that has not read its program yet to one that serves.
 */
const CPU_MS = [0, 100, 200, 300, 400, 500, 600, 700, 850, 1_000, 1_300, 1_600];
const TICK_MS = 10;
const STOPPED = 0;
/** The demo was asked to show something, and did not. */
const SHOWED_NOTHING = 1;
const ENDED_BY_SIGTERM = 143;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: FreshDatabase;

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await freshDatabase();
  await runCli(["migrate"], { env: { DATABASE_URL: database.url } });
});
afterAll(async () => {
  await database.drop();
  await folder.remove();
});

/** @returns null when the process has ended */
async function cpuMs(pid: number | undefined): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function registeredWorkers(): Promise<readonly unknown[]> {
  const reader = await openDatabase({ url: database.url });
  const { rows } = await reader.query("select id from lockstep.workers");
  await reader.close();
  return rows;
}

it.each([
  [["server", "--port", "0"], STOPPED],
  [["worker"], STOPPED],
  [["up", "--port", "0"], STOPPED],
  [["demo", "--port", "0"], SHOWED_NOTHING],
])("a signal at any time ends %s and leaves nothing behind", async (args, code) => {
  for (const [run, ms] of CPU_MS.entries()) {
    const temporary = join(folder.path, `${args[0]}${run}`);
    await mkdir(temporary);
    const isDemo = args[0] === "demo";
    const child = spawnCli(args, {
      env: {
        TMPDIR: temporary,
        ...(isDemo ? {} : { DATABASE_URL: database.url, LOCKSTEP_DATA_DIR: `${temporary}-data` }),
      },
    });
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = once(child, "close");
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk));
    const isReached = async () => printed !== "" || ((await cpuMs(child.pid)) ?? ms) >= ms;
    await waitFor(isReached, { what: `${ms} ms of processor time` });
    child.kill("SIGTERM");
    const [exitCode, signal] = await ended;
    const what = `after ${ms} ms: ${(await output).join("")}`;
    // Before the program handles signals it has opened nothing, and the signal itself ends it.
    expect([code, STOPPED, ENDED_BY_SIGTERM], what).toContain(
      signal === "SIGTERM" ? ENDED_BY_SIGTERM : exitCode,
    );
    expect(await readdir(temporary), what).toEqual([]);
    expect(await registeredWorkers(), what).toEqual([]);
  }
});
