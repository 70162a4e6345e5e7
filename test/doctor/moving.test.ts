import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../servers/wait-for.js";
import { idOf, KEY, PENDING, PROCESSING, putHealthy, type System, startSystem } from "./system.js";

const PLANTED = 500;
const LANES = 4;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

it("finds every planted drift and invents none, while jobs are submitted, run and finished", async () => {
  await putHealthy(system, 3_000);
  for (let index = 0; index < PLANTED; index += 1) {
    await system.putHash(idOf(index), { status: "COMPLETED", result: { n: index } });
    await system.putRow(idOf(index), { status: "IN_PROGRESS" });
  }
  const doctor = system.doctor({ quiet_period: "400ms" });
  const load = { stopped: false, finished: 0 };
  const lanes = Array.from({ length: LANES }, (_, lane) => runJobs(lane, load));
  await waitFor(() => load.finished > LANES, { what: "the load to begin" });
  const found = new Set<string>();
  let checks = 0;
  try {
    for (; checks < 3; checks += 1) {
      const { drifting, verdict } = await doctor.check({ onFinding: ({ id }) => void found.add(id) });
      expect({ drifting, verdict }).toEqual({ drifting: PLANTED, verdict: "drift" });
    }
  } finally {
    load.stopped = true;
    await Promise.all(lanes);
  }
  expect([...found].sort()).toEqual(Array.from({ length: PLANTED }, (_, index) => idOf(index)).sort());
  expect(load.finished).toBeGreaterThan(20);
});

/** One job after the other, as a system does that writes to two places: the queue first, the table a moment later. */
async function runJobs(lane: number, load: { stopped: boolean; finished: number }): Promise<void> {
  for (let turn = 0; !load.stopped; turn += 1) {
    const id = idOf(1_000_000 * (lane + 1) + turn);
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
