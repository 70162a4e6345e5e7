import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Doctor, PlanResult } from "../src/index.js";
import { idOf, KEY, PENDING, putHealthy, type System, startSystem } from "./system.js";

const STARTED = "2026-01-01T10:00:00.000Z";
const ENDED = "2026-01-01T10:05:00.250Z";

let system: System;
let doctor: Doctor;
beforeAll(async () => {
  system = await startSystem();
  doctor = system.doctor();
});
afterAll(() => system.close());
beforeEach(async () => {
  await system.empty();
  await putHealthy(system, 60);
});

const all = { repairsMax: 1_000, only: null, ids: null, perSecond: null };
const careful = { prefer: {}, acceptMapping: false };

async function plantStuck(count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, index) => idOf(index));
  for (const id of ids) {
    // As Python writes it: with spaces, a decimal number, and a number with more digits than a
    // double has.
    const text = `{"id": "${id}", "status": "COMPLETED", "result": {"score": 1.0, "big": 12345678901234567890}, "created_at": "${STARTED}", "updated_at": "${ENDED}"}`;
    await system.redis.hset(KEY, id, text);
    await system.putRow(id, { status: "IN_PROGRESS", startedAt: STARTED });
  }
  return ids;
}

async function plantDoneEntry(id: string): Promise<void> {
  await system.redis.rpush(PENDING, idOf(900), id, idOf(901));
  await system.putHash(id, { status: "PENDING", created_at: STARTED });
  await system.putRow(id, { status: "COMPLETED", result: { found: 9 }, finishedAt: ENDED });
}

/** The exact bytes of both stores, without the values that every write changes. */
async function everything(): Promise<unknown> {
  const { rows } = await system.db.query(`select t::text from "ScanJob" t order by id`);
  const hash = await system.redis.hgetallBuffer(KEY);
  const list = await system.redis.lrange(PENDING, 0, -1);
  return {
    rows,
    hash: Object.entries(hash)
      .map(([id, value]) => [id, value.toString("hex")])
      .sort(),
    list,
  };
}

function planIdOf({ plan }: PlanResult): string {
  if (plan === null) throw new Error("nothing was planned");
  return plan;
}

describe("a plan that is applied", () => {
  it("sets status and times from the queue's evidence, copies the result, and leaves a clean check", async () => {
    const [id = ""] = await plantStuck(3);
    await plantDoneEntry(idOf(50));
    const plan = await doctor.plan(careful);
    expect(plan).toMatchObject({ repairs: 4, skipped: 0 });
    const result = await doctor.apply(planIdOf(plan), all);
    expect(result).toMatchObject({ written: 4, changed: 0, refused: 0, reason: "done" });
    const row = await system.row(id);
    expect(row).toMatchObject({ status: "COMPLETED", finishedAt: new Date(ENDED) });
    const { rows } = await system.db.query(`select result::text from "ScanJob" where id = $1`, [id]);
    expect(rows[0].result).toBe('{"big": 12345678901234567890, "score": 1.0}');
    expect(await system.redis.lrange(PENDING, 0, -1)).toEqual([idOf(900), idOf(901)]);
    expect(JSON.parse((await system.redis.hget(KEY, idOf(50))) ?? "").status).toBe("COMPLETED");
    expect((await doctor.check()).verdict).toBe("clean");
  });

  it("is taken back by an undo, byte by byte", async () => {
    await plantStuck(3);
    // The lists have just been read; an entry that came after that read still gets its position
    // back.
    await doctor.check();
    await plantDoneEntry(idOf(50));
    const before = await everything();
    const { run } = await doctor.apply(planIdOf(await doctor.plan(careful)), all);
    expect(await everything()).not.toEqual(before);
    expect(await doctor.undo(run, { dryRun: true })).toMatchObject({ undone: 4, left: [] });
    expect(await doctor.undo(run, { dryRun: false })).toMatchObject({ undone: 4, left: [] });
    expect(await everything()).toEqual(before);
    expect(await doctor.undo(run, { dryRun: false })).toMatchObject({ undone: 0, left: [] });
  });

  it("leaves alone what has changed since, and so does its undo, which lists it", async () => {
    const [moved = "", repaired = ""] = await plantStuck(2);
    const plan = await doctor.plan(careful);
    await system.db.query(`update "ScanJob" set "updatedAt" = now() where id = $1`, [moved]);
    const { run, written, changed } = await doctor.apply(planIdOf(plan), all);
    expect({ written, changed }).toEqual({ written: 1, changed: 1 });
    expect((await system.row(moved)).status).toBe("IN_PROGRESS");
    await system.db.query(`update "ScanJob" set error = 'by hand' where id = $1`, [repaired]);
    const undo = await doctor.undo(run, { dryRun: false });
    expect(undo).toMatchObject({ undone: 0, left: [{ id: repaired, view: "table" }] });
    expect((await system.row(repaired)).status).toBe("COMPLETED");
  });

  it("does not write when the queue's entry has changed since the plan", async () => {
    const [id = ""] = await plantStuck(1);
    const plan = await doctor.plan(careful);
    await system.putHash(id, { status: "IN_PROGRESS" });
    expect(await doctor.apply(planIdOf(plan), all)).toMatchObject({ written: 0, changed: 1 });
  });

  it("can be used once, and is refused when it was edited, has expired or was made with another configuration", async () => {
    await plantStuck(1);
    const plan = await doctor.plan(careful);
    const other = system.doctor({ compare_results: false });
    await expect(other.apply(planIdOf(plan), all)).rejects.toMatchObject({ code: "PLAN_STALE" });
    const { run } = await doctor.apply(planIdOf(plan), all);
    await expect(other.undo(run, { dryRun: false })).rejects.toMatchObject({ code: "PLAN_STALE" });
    await expect(doctor.apply(planIdOf(plan), all)).rejects.toMatchObject({ code: "PLAN_STALE" });
    await expect(doctor.apply(idOf(7), all)).rejects.toMatchObject({ code: "PLAN_NOT_FOUND" });
  });

  it("writes at most the allowed number of jobs, and only the given patterns and jobs", async () => {
    const ids = await plantStuck(4);
    await plantDoneEntry(idOf(50));
    const limited = await doctor.apply(planIdOf(await doctor.plan(careful)), { ...all, repairsMax: 2 });
    expect(limited).toMatchObject({ written: 2, reason: "limit" });
    const only = await doctor.apply(planIdOf(await doctor.plan(careful)), { ...all, only: ["already-done"] });
    expect(only).toMatchObject({ written: 1 });
    const left = await doctor.plan(careful);
    const id = left.examples[0]?.id ?? "";
    expect(ids).toContain(id);
    expect(await doctor.apply(planIdOf(left), { ...all, ids: [id] })).toMatchObject({ written: 1 });
    expect((await system.row(id)).status).toBe("COMPLETED");
  });

  it("never writes twice, though two doctors apply the same drift at once", async () => {
    await plantStuck(40);
    const second = system.doctor();
    const [one, two] = [
      await doctor.plan({ ...careful, acceptMapping: true }),
      await second.plan({ ...careful, acceptMapping: true }),
    ];
    const [first, other] = await Promise.all([
      doctor.apply(planIdOf(one), all),
      second.apply(planIdOf(two), all),
    ]);
    expect(first.written + other.written).toBe(40);
    expect(first.changed + other.changed).toBe(40);
  });
});

describe("what is never repaired", () => {
  it("is a contradiction, until a person chooses the side to trust", async () => {
    await system.putHash(idOf(1), { status: "COMPLETED", result: { found: 1 }, updated_at: ENDED });
    await system.putRow(idOf(1), { status: "FAILED", error: "x" });
    expect(await doctor.plan(careful)).toMatchObject({ plan: null, repairs: 0, skipped: 1 });
    const plan = await doctor.plan({ prefer: { contradiction: "queue" }, acceptMapping: false });
    await doctor.apply(planIdOf(plan), all);
    expect(await system.row(idOf(1))).toMatchObject({ status: "COMPLETED", result: { found: 1 } });
  });

  it("is a job with a live heartbeat", async () => {
    await plantStuck(1);
    await system.db.query(`update "ScanJob" set "heartbeatAt" = now() where id = $1`, [idOf(0)]);
    const { check, skip_examples } = await doctor.plan(careful);
    expect(check.patterns).toMatchObject([{ pattern: "stuck-running", jobs: 1, live: 1 }]);
    expect(skip_examples[0]?.why).toContain("is live");
  });

  it("is a status word that is not mapped: it is shown and counted", async () => {
    await system.putHash(idOf(1), { status: "COMPLETED" });
    await system.putRow(idOf(1), { status: "PAUSED" });
    const { plan, check } = await doctor.plan(careful);
    expect(plan).toBeNull();
    expect(check).toMatchObject({ unmapped: [{ view: "table", word: "PAUSED", jobs: 1 }], drifting: 0 });
  });

  it("is anything, when over 30 % differ or two words look swapped, unless a person says that the mapping is right", async () => {
    await plantStuck(40);
    await expect(doctor.plan(careful)).rejects.toMatchObject({ code: "PLAN_BRAKED" });
    expect((await doctor.check()).brakes).toEqual([{ kind: "too-many", drift: 40, compared: 100 }]);
    expect(await doctor.plan({ ...careful, acceptMapping: true })).toMatchObject({ repairs: 40 });
    await system.empty();
    for (let index = 0; index < 10; index += 1) {
      const [one, other] = index % 2 === 0 ? ["COMPLETED", "FAILED"] : ["FAILED", "COMPLETED"];
      await system.putHash(idOf(index), { status: one });
      await system.putRow(idOf(index), { status: other ?? "" });
    }
    await putHealthy(system, 4);
    const { brakes } = await doctor.check();
    expect(brakes.map(({ kind }) => kind)).toContain("swapped");
  });

  it("is an unknown start; an unknown end is set from the clock, and the plan says so", async () => {
    await system.putHash(idOf(1), { status: "COMPLETED" });
    await system.putRow(idOf(1), { status: "IN_PROGRESS" });
    const { examples } = await doctor.plan(careful);
    const finished = examples[0]?.changes.find(({ field }) => field === "finished_at");
    expect(finished?.source).toContain("clock");
    expect(examples[0]?.to.started_at).toBeUndefined();
  });
});
