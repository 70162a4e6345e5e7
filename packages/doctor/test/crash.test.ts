import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { programOf } from "../../../tests/runner/program.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { idOf, KEY, putHealthy, type System, startSystem } from "./system.js";

const PROGRAM = programOf(new URL("apply-slowly.ts", import.meta.url));
const JOBS = 600;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

it("a run that is killed and applied again ends like an uninterrupted run, and can be undone completely", async () => {
  await putHealthy(system, 2_000);
  for (let index = 0; index < JOBS; index += 1) {
    const id = idOf(index);
    await system.redis.hset(
      KEY,
      id,
      JSON.stringify({ id, status: "COMPLETED", result: { n: index }, updated_at: "2026-01-01T10:05:00Z" }),
    );
  }
  await system.db.query(
    `insert into "ScanJob" (id, status) select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'IN_PROGRESS' from generate_series(0, $1::int - 1) n`,
    [JOBS],
  );
  const before = await rows();
  const doctor = system.doctor();
  const { plan, repairs } = await doctor.plan({ prefer: {}, acceptMapping: false });
  expect(repairs).toBe(JOBS);

  const killed = await killInTheMiddle(plan ?? "");
  expect(killed).toBeGreaterThan(0);
  expect(killed).toBeLessThan(JOBS);

  const result = await doctor.apply(plan ?? "", { repairsMax: JOBS, only: null, ids: null, perSecond: null });
  expect(result).toMatchObject({ written: JOBS, changed: 0, refused: 0, reason: "done", resumed: true });
  expect((await doctor.check()).verdict).toBe("clean");
  expect(await doctor.undo(result.run, { dryRun: false })).toMatchObject({ undone: JOBS, left: [] });
  expect(await rows()).toEqual(before);
});

/**
 * Applies the plan slowly in a separate process, and kills it when some rows are written.
 * @returns the number of written rows
 */
async function killInTheMiddle(plan: string): Promise<number> {
  const configFile = join(system.stateDir, "doctor.json");
  writeFileSync(configFile, system.config());
  const args = [PROGRAM, configFile, system.stateDir, plan];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  const ended = once(child, "exit");
  await waitFor(async () => (await written()) >= 60, { what: "some repairs to be made" });
  child.kill("SIGKILL");
  await ended;
  return await written();
}

async function written(): Promise<number> {
  const { rows } = await system.db.query(
    `select count(*)::int as n from "ScanJob" where status = 'COMPLETED' and id < $1`,
    [idOf(JOBS)],
  );
  return rows[0].n;
}

async function rows(): Promise<unknown> {
  return (await system.db.query(`select t::text from "ScanJob" t order by id`)).rows;
}
