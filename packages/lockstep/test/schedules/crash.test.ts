import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { programOf } from "../../../../tests/runner/program.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { make, missed, openSchedules, submittedFor, tick } from "./schedules.js";

const PROGRAM = programOf(new URL("./tick-until-killed.ts", import.meta.url));

it("a process killed between submit and advance has submitted nothing; another process submits once", async () => {
  const bench = await openSchedules("postgres");
  await make(bench);
  await missed(bench, "1 hours");
  const due = (await bench.ledger.schedules.get("hourly"))?.next_at;
  const child = spawn(process.execPath, [PROGRAM, bench.url ?? ""], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const early = ended.then(() => {
    throw new Error("the process ended before it reached the point");
  });
  await Promise.race([once(createInterface(child.stdout), "line"), early]);
  early.catch(() => undefined);
  // The killed process holds the schedule: no other process gets it meanwhile.
  expect(await tick(bench)).toBeNull();
  child.kill("SIGKILL");
  await ended;
  expect((await bench.ledger.schedules.get("hourly"))?.next_at).toBe(due);
  expect(await submittedFor(bench)).toEqual([]);
  const turn = await waitFor(() => tick(bench), { what: "the server to notice that the process is gone" });
  expect(turn.jobs).toHaveLength(1);
  expect(await submittedFor(bench)).toEqual(turn.ticks);
});
