import { describe, expect, it } from "vitest";
import { createSchedules } from "../../src/schedules/index.js";
import { dueTimes, planTicks, rfc3339 } from "../../src/schedules/plan.js";
import { claimOne, completed, ENGINES, registerWorker, settle } from "../ledger/engines.js";
import { make, missed, openSchedules, submittedFor, tick } from "./schedules.js";

const HOUR_MS = 3_600_000;

describe.each(ENGINES)("a schedule on %s", (engine) => {
  it("is recorded with its next time, and is not due before it", async () => {
    const bench = await openSchedules(engine);
    const schedule = await make(bench, { tags: ["x"], priority: -2, timeout_ms: 5_000, unique_key: "u" });
    expect(schedule).toMatchObject({
      name: "hourly",
      input: { a: 1 },
      tags: ["x"],
      priority: -2,
      timeout_ms: 5_000,
      unique_key: "u",
      last_at: null,
      paused_at: null,
      actor: "tester",
    });
    const dueInMs = await bench.ledger.schedules.dueInMs([]);
    expect(dueInMs).toBeGreaterThan(0);
    expect(dueInMs).toBeLessThanOrEqual(HOUR_MS);
    expect(await tick(bench)).toBeNull();
    expect(await bench.ledger.schedules.get("hourly")).toEqual(schedule);
  });

  it("submits its job once when it is due, and says so", async () => {
    const bench = await openSchedules(engine);
    await make(bench, { tags: ["x"], priority: 7, queue: "q", max_attempts: 9, timeout_ms: 5_000 });
    await missed(bench, "0");
    const outcome = await tick(bench);
    expect(outcome).toMatchObject({ name: "hourly", leftOut: 0, jobs: [expect.any(String)], submitted: 1 });
    const job = await bench.ledger.get(outcome?.jobs[0] ?? "");
    expect(job).toMatchObject({
      kind: "noop",
      queue: "q",
      input: { a: 1 },
      priority: 7,
      tags: ["x"],
      max_attempts: 9,
      timeout_ms: 5_000,
      status: "pending",
      actor: "schedule:hourly",
    });
    const after = await bench.ledger.schedules.get("hourly");
    expect(after?.last_job_id).toBe(job?.id);
    expect(Date.parse(after?.next_at ?? "") - Date.parse(after?.last_at ?? "")).toBe(HOUR_MS);
    expect(await tick(bench)).toBeNull();
    expect(await submittedFor(bench)).toHaveLength(1);
  });

  it.each([
    ["none", 0],
    ["one", 1],
    ["all", 5],
  ] as const)("catches up after a downtime: %s", async (catchUp, count) => {
    const bench = await openSchedules(engine);
    await make(bench, { catch_up: catchUp, cron: "30 * * * *" });
    // So that the newest missed time is half an hour ago, whatever the current minute is.
    await bench.database.query(
      "update schedules set next_at = clock_timestamp() - interval '4 hours 30 minutes'",
    );
    const schedule = await bench.ledger.schedules.get("hourly");
    const hourly = {
      next: (ms: number) => ms + HOUR_MS,
      newest: () => [],
    };
    const outcome = await bench.ledger.schedules.tick((due, nowMs) => {
      const { ticks, leftOut, next } = dueTimes(hourly, {
        dueMs: Date.parse(due.next_at),
        nowMs,
        catchUp: due.catch_up,
      });
      return { ticks: ticks.map(rfc3339), leftOut, next_at: next === null ? null : rfc3339(next) };
    }, []);
    expect(outcome?.ticks).toHaveLength(count);
    expect(outcome?.leftOut).toBe(5 - count);
    expect(await submittedFor(bench)).toEqual(outcome?.ticks);
    const after = await bench.ledger.schedules.get("hourly");
    expect(Date.parse(after?.next_at ?? "")).toBe(Date.parse(schedule?.next_at ?? "") + 5 * HOUR_MS);
    expect(await tick(bench)).toBeNull();
  });

  it("submits nothing while it is paused, and leaves that time out when it is resumed", async () => {
    const bench = await openSchedules(engine);
    const schedules = createSchedules(bench.ledger.schedules);
    await make(bench, { catch_up: "all" });
    const paused = await schedules.pause("hourly");
    expect(paused.paused_at).not.toBeNull();
    expect((await schedules.pause("hourly")).paused_at).toBe(paused.paused_at);
    await missed(bench, "3 hours");
    expect(await tick(bench)).toBeNull();
    expect(await bench.ledger.schedules.dueInMs([])).toBeNull();
    const resumed = await schedules.resume("hourly");
    expect(resumed.paused_at).toBeNull();
    expect(Date.parse(resumed.next_at ?? "")).toBeGreaterThan(await bench.ledger.schedules.now());
    expect(await schedules.resume("hourly")).toEqual(resumed);
    expect(await tick(bench)).toBeNull();
    expect(await submittedFor(bench)).toEqual([]);
  });

  it("with a unique key submits no job while the previous one is live", async () => {
    const bench = await openSchedules(engine);
    const worker = await registerWorker(bench);
    await make(bench, { unique_key: "only" });
    const turns = [];
    for (const interval of ["3 hours", "2 hours"]) {
      await missed(bench, interval);
      turns.push((await tick(bench))?.jobs[0]);
    }
    expect(turns[1]).toBe(turns[0]);
    await settle(bench, await claimOne(bench, worker), completed());
    // Another scheduled time: the previous one was answered with the live job, and has no key of
    // its own.
    await bench.database.query("update schedules set next_at = clock_timestamp()");
    expect((await tick(bench))?.jobs[0]).not.toBe(turns[0]);
  });

  it("ends when its cron expression has no further time", async () => {
    const bench = await openSchedules(engine);
    const year = new Date().getUTCFullYear() + 1;
    await make(bench, { cron: `0 0 0 1 1 * ${year}` });
    await bench.database.query("update schedules set next_at = clock_timestamp() - interval '1 second'");
    const lastPlan: typeof planTicks = (schedule) => ({
      ticks: [schedule.next_at],
      leftOut: 0,
      next_at: null,
    });
    expect(await bench.ledger.schedules.tick(lastPlan, [])).toMatchObject({ next_at: null });
    expect(await bench.ledger.schedules.dueInMs([])).toBeNull();
    expect((await bench.ledger.schedules.get("hourly"))?.next_at).toBeNull();
  });

  it("records nothing of a failed turn, and does not affect the turns of the others", async () => {
    const bench = await openSchedules(engine);
    await make(bench, { name: "bad" });
    await make(bench, { name: "good" });
    await missed(bench, "2 hours", "bad");
    await missed(bench, "1 hours", "good");
    const failing: typeof planTicks = (schedule, nowMs) => {
      const plan = planTicks(schedule, nowMs);
      return schedule.name === "bad" ? { ...plan, next_at: schedule.next_at } : plan;
    };
    await expect(bench.ledger.schedules.tick(failing, [])).rejects.toMatchObject({
      name: "TickError",
      schedule: "bad",
    });
    expect(await submittedFor(bench)).toEqual([]);
    expect(await bench.ledger.schedules.tick(failing, ["bad"])).toMatchObject({ name: "good" });
    expect(await bench.ledger.schedules.dueInMs(["bad"])).toBeGreaterThan(0);
  });

  it("created again under the same name does not submit again for a time it already submitted for", async () => {
    const bench = await openSchedules(engine);
    await make(bench);
    await missed(bench, "0");
    await tick(bench);
    await bench.ledger.schedules.remove("hourly");
    await make(bench, { input: { other: true } });
    await missed(bench, "0");
    expect(await tick(bench)).toMatchObject({ jobs: [null], ticks: [expect.any(String)], submitted: 0 });
    expect(await submittedFor(bench)).toHaveLength(1);
    expect((await bench.ledger.schedules.get("hourly"))?.last_job_id).toBeNull();
  });

  it("is listed by name, in pages", async () => {
    const bench = await openSchedules(engine);
    for (const name of ["c", "a", "b"]) await make(bench, { name });
    const first = await bench.ledger.schedules.list({ limit: 2 });
    expect([first.schedules.map(({ name }) => name), first.next]).toEqual([["a", "b"], "b"]);
    const rest = await bench.ledger.schedules.list({ limit: 2, after: first.next ?? "" });
    expect([rest.schedules.map(({ name }) => name), rest.next]).toEqual([["c"], null]);
  });

  it("is rejected when its name is taken or invalid, its cron is invalid or never comes, or its job could not be submitted", async () => {
    const bench = await openSchedules(engine);
    await make(bench);
    await expect(make(bench)).rejects.toMatchObject({ code: "SCHEDULE_EXISTS" });
    for (const [changes, pointer] of [
      [{ name: "No Name" }, "/name"],
      [{ cron: "often" }, "/cron"],
      [{ cron: "0 0 30 2 *" }, "/cron"],
      [{ timezone: "Mars/Base" }, "/timezone"],
      [{ input: "\u0000" }, "/input"],
      [{ priority: 99_999 }, "/priority"],
      [{ unique_key: "" }, "/unique_key"],
    ] as const)
      await expect(make(bench, { name: "other", ...changes })).rejects.toMatchObject({
        code: "INVALID_INPUT",
        issues: [{ pointer }],
      });
    for (const name of ["none", "N o", "\u0000"])
      for (const act of ["remove", "pause"] as const)
        await expect(bench.ledger.schedules[act](name)).rejects.toMatchObject({ code: "SCHEDULE_NOT_FOUND" });
    expect((await bench.ledger.schedules.list()).schedules).toHaveLength(1);
  });
});
