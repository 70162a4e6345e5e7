import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLockstep, type Lockstep } from "lockstep";
import { internalsOf } from "lockstep/internal/internals";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { programOf } from "../../../tests/runner/program.js";
import { freshDatabase } from "../../../tests/servers/database.js";
import { waitFor } from "../../../tests/servers/wait-for.js";

const PROGRAM = programOf(new URL("faulty-program.ts", import.meta.url));

let folder: string;
let databaseUrl: string;
let lockstep: Lockstep;
let children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-faults-"));
  databaseUrl = (await freshDatabase()).url;
  lockstep = await createLockstep({ databaseUrl, dataDir: join(folder, "client"), jobs: [], project: false });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  children = [];
  await lockstep.close();
  await rm(folder, { recursive: true, force: true });
});

function start(command: "worker" | "up") {
  const child = spawn(process.execPath, [PROGRAM, command, ...(command === "up" ? ["--port", "0"] : [])], {
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, LOCKSTEP_DATA_DIR: join(folder, command) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output.text += data));
  return { child, output, exited: once(child, "exit") };
}

const place = (name: string) => join(folder, name);
const submit = (input: object) => lockstep.submit("fault", input as never);
const isThere = (name: string) => waitFor(() => existsSync(place(name)), { what: `${name} to run` });
const ended = (id: string) =>
  waitFor(async () => ((await lockstep.get(id))?.finished_at ? await lockstep.get(id) : null), {
    what: "the job to end",
  });

describe.each(["worker", "up"] as const)("lockstep %s", (command) => {
  it("goes on after a rejection that nobody handled, and says whose it was", async () => {
    const { child, output } = start(command);
    const neighbours = await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        submit({ does: "wait", running: place(`n${n}`), gate: place("go") }),
      ),
    );
    for (const n of neighbours.keys()) await isThere(`n${n}`);
    const rejecting = await submit({ does: "reject", running: place("rejecting"), gate: place("go") });
    await isThere("rejecting");
    await waitFor(() => output.text.includes("nobody waits for this"), {
      what: "the rejection to be logged",
    });
    await writeFile(place("go"), "");
    for (const { id } of [...neighbours, rejecting])
      expect(await ended(id)).toMatchObject({ status: "completed", attempt: 1, failures: 0 });
    expect(output.text).toContain(rejecting.id);
    expect(child.exitCode).toBeNull();
    const { ledger } = internalsOf(lockstep);
    expect((await ledger.logs(rejecting.id, {})).map(({ level, message }) => [level, message])).toEqual([
      ["error", "A promise was rejected and nobody handled it: Error: nobody waits for this"],
    ]);
    expect(await ledger.logs(neighbours[0]!.id, {})).toEqual([]);
  });

  it("ends in order after an exception that nobody caught: only the job that caused it fails", async () => {
    const { exited } = start(command);
    const neighbours = await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        submit({ does: "wait", running: place(`n${n}`), gate: place("go") }),
      ),
    );
    for (const n of neighbours.keys()) await isThere(`n${n}`);
    const { id } = await submit({ does: "throw", running: place("throwing") });
    await waitFor(async () => (await lockstep.get(id))?.failures === 1, { what: "the attempt to fail" });
    const late = await submit({ does: "wait" });
    await writeFile(place("go"), "");
    expect(await exited).toEqual([1, null]);
    for (const neighbour of neighbours)
      expect(await lockstep.get(neighbour.id)).toMatchObject({
        status: "completed",
        attempt: 1,
        failures: 0,
      });
    expect(await lockstep.get(late.id)).toMatchObject({ status: "pending", attempt: 0 });
    const job = await lockstep.get(id);
    expect(job).toMatchObject({ status: "pending", failures: 1, error: { code: "HANDLER_FAULT" } });
    expect(job?.error?.message).toContain("nobody catches this");
  });
});
