import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { idOf, KEY, PENDING, PROCESSING, putHealthy, type System, startSystem } from "./system.js";

/**
 * How long the system is checked repeatedly, in minutes. Default: two checks. To run by hand:
 * LOCKSTEP_DRIFT_MINUTES=10 npx vitest run packages/doctor/test/check-under-load.test.ts
 */
const MINUTES = Number(process.env.LOCKSTEP_DRIFT_MINUTES ?? 0);
const CHECKS_MIN = 2;
const PLANTED = 10_000;
const LOOPS = 4;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

it("finds all 10,000 planted drifts and no others, while jobs are submitted, run and finished", async () => {
  await putHealthy(system, 5_000, 50_000);
  await plantStuck();
  const planted = Array.from({ length: PLANTED }, (_, index) => idOf(index));
  const doctor = system.doctor({ quiet_period: "400ms" });
  const load = { stopped: false, finished: 0 };
  const loops = Array.from({ length: LOOPS }, (_, loop) => runJobs(loop, load));
  await waitFor(() => load.finished > LOOPS, { what: "the load to start" });
  const endsMs = performance.now() + MINUTES * 60_000;
  let checks = 0;
  let settled = 0;
  try {
    for (; checks < CHECKS_MIN || performance.now() < endsMs; checks += 1) {
      const found: string[] = [];
      const { drifting, verdict, settling } = await doctor.check({
        onFinding: ({ id, pattern }) =>
          void found.push(pattern === "stuck-running" ? id : `${pattern} ${id}`),
      });
      settled += settling;
      expect({ drifting, verdict }).toEqual({ drifting: PLANTED, verdict: "drift" });
      expect(found.sort()).toEqual(planted);
    }
  } finally {
    load.stopped = true;
    await Promise.all(loops);
  }
  expect(load.finished).toBeGreaterThan(20);
  if (MINUTES > 0) process.stdout.write(`${JSON.stringify({ checks, finished: load.finished, settled })}\n`);
});

async function plantStuck(): Promise<void> {
  const pipeline = system.redis.pipeline();
  for (let index = 0; index < PLANTED; index += 1)
    pipeline.hset(
      KEY,
      idOf(index),
      JSON.stringify({ id: idOf(index), status: "COMPLETED", result: { n: index } }),
    );
  await pipeline.exec();
  await system.db.query(
    `insert into "ScanJob" (id, status) select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'IN_PROGRESS' from generate_series(0, $1::int - 1) n`,
    [PLANTED],
  );
}

/**
 * Runs one job after the other, like a system that writes to two places: first to the queue, a
 * moment later to the table.
 */
async function runJobs(loop: number, load: { stopped: boolean; finished: number }): Promise<void> {
  for (let turn = 0; !load.stopped; turn += 1) {
    const id = idOf(1_000_000 * (loop + 1) + turn);
    await system.putRow(id, { status: "PENDING" });
    await system.redis
      .multi()
      .hset(KEY, id, JSON.stringify({ id, status: "PENDING" }))
      .rpush(PENDING, id)
      .exec();
    await system.redis
      .multi()
      .lrem(PENDING, 1, id)
      .rpush(PROCESSING, id)
      .hset(KEY, id, JSON.stringify({ id, status: "IN_PROGRESS" }))
      .exec();
    await system.db.query(`update "ScanJob" set status = 'IN_PROGRESS', "updatedAt" = now() where id = $1`, [
      id,
    ]);
    await system.redis
      .multi()
      .lrem(PROCESSING, 1, id)
      .hset(KEY, id, JSON.stringify({ id, status: "COMPLETED", result: { turn } }))
      .exec();
    await system.db.query(
      `update "ScanJob" set status = 'COMPLETED', result = jsonb_build_object('turn', $2::int), "updatedAt" = now() where id = $1`,
      [id, turn],
    );
    load.finished += 1;
  }
}
