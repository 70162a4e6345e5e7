import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { openDatabase } from "lockstep/internal/database";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../tests/servers/database.js";
import { runCli, spawnCli, temporaryFolder } from "./run-cli.js";

/** From a process that has not read its program yet to one that serves. */
const DELAYS_MS = [0, 150, 300, 450, 600, 800, 1_000, 1_300, 1_600, 2_000, 2_500];
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
  for (const [run, ms] of DELAYS_MS.entries()) {
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
    await delay(ms);
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
