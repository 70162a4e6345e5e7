import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { programOf } from "../../../../tests/runner/program.js";
import { type ArchiveBench, openArchive, untilSettled } from "./archived.js";

const PROGRAM = programOf(new URL("./archive-until-killed.ts", import.meta.url));

/** Archives in a separate process, which is killed when it prints that it reached the point. */
async function killedWhen(bench: ArchiveBench, point: "written" | "committing"): Promise<void> {
  // What began before an older transaction has ended is not archived yet.
  await untilSettled(bench);
  const child = spawn(process.execPath, [PROGRAM, bench.url ?? "", bench.dir, point], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const early = ended.then(() => {
    throw new Error(`the process ended before the file was ${point}`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), early]);
  early.catch(() => undefined);
  child.kill("SIGKILL");
  expect([line, (await ended)[1]]).toEqual([point, "SIGKILL"]);
}

async function expectEachOnce(bench: ArchiveBench, ids: readonly string[]): Promise<void> {
  const { rows } = await bench.database.query<{ id: string }>(
    "select id from jobs union all select id from archived_jobs",
  );
  expect(rows.map((row) => row.id).sort()).toEqual([...ids].sort());
  for (const id of ids)
    expect(await bench.ledger.get(id)).toMatchObject({
      status: "completed",
      version: 3,
      output: { ok: true },
    });
}

it.each(["written", "committing"] as const)(
  "a process killed at the point %s loses no job, and another process continues",
  async (point) => {
    const bench = await openArchive("postgres");
    const ids: string[] = [];
    for (let n = 0; n < 10; n++) ids.push((await bench.finished({ idempotency_key: `k${n}` })).id);
    await killedWhen(bench, point);
    await expectEachOnce(bench, ids);
    if (point === "written") {
      expect(await bench.rows()).toHaveLength(10);
      await expect(bench.run()).rejects.toMatchObject({ code: "ARCHIVE_BUSY" });
    }
    await bench.database.query("update archive_state set runner_until = clock_timestamp()");
    await bench.run();
    expect(await bench.rows()).toEqual([]);
    expect(await bench.files()).toHaveLength(1);
    await expectEachOnce(bench, ids);
  },
);
