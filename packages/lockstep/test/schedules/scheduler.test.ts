import { afterEach, describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import type { ScheduleLedger } from "../../src/ledger/index.js";
import { Scheduler, type SchedulerOptions } from "../../src/schedules/index.js";
import { type Bench, ENGINES, openSecond } from "../ledger/engines.js";
import { make, missed, openSchedules, submittedFor } from "./schedules.js";

const started: Scheduler[] = [];

afterEach(async () => {
  for (const scheduler of started.splice(0)) await scheduler.stop();
});

function start({ ledger }: Bench, options: Partial<SchedulerOptions> = {}): Scheduler {
  const scheduler = new Scheduler({ ledger: ledger.schedules, ...options });
  started.push(scheduler);
  scheduler.start();
  return scheduler;
}

describe.each(ENGINES)("the scheduler on %s", (engine) => {
  it("submits when the time comes and not before, and notifies the workers", async () => {
    const bench = await openSchedules(engine);
    let wakeUps = 0;
    bench.ledger.wakeUps.onReady(() => wakeUps++);
    await make(bench, { cron: "* * * * * *" });
    start(bench);
    await waitFor(async () => (await submittedFor(bench)).length >= 3, { what: "three seconds' jobs" });
    await waitFor(() => wakeUps > 0, { what: "a wake-up" });
    const early = await bench.database.query(
      "select k.key from jobs j join idempotency_keys k on k.job_id = j.id where j.created_at < substr(k.key, strpos(k.key, ':2') + 1)::timestamptz",
    );
    expect(early.rows).toEqual([]);
  });

  it("stops; it may be stopped twice, stopped before its start, and started twice", async () => {
    const bench = await openSchedules(engine);
    const scheduler = new Scheduler({ ledger: bench.ledger.schedules });
    await scheduler.stop();
    await make(bench);
    await missed(bench, "1 hours");
    scheduler.start();
    scheduler.start();
    await waitFor(async () => (await submittedFor(bench)).length === 1, { what: "the job" });
    await Promise.all([scheduler.stop(), scheduler.stop()]);
    const before = await bench.ledger.schedules.get("hourly");
    await missed(bench, "1 hours");
    scheduler.start();
    await waitFor(async () => (await bench.ledger.schedules.get("hourly"))?.next_at === before?.next_at, {
      what: "the second start to work",
    });
    await scheduler.stop();
  });
});

it("notices a schedule that another process made, within a second", async () => {
  const bench = await openSchedules("postgres");
  start(bench);
  const second = await openSecond(bench);
  await make(second, { cron: "* * * * * *" });
  await waitFor(async () => (await submittedFor(bench)).length > 0, { what: "its job" });
});

it("continues after an outage of the database", async () => {
  const bench = await openSchedules("postgres");
  const { schedules } = bench.ledger;
  await make(bench);
  await missed(bench, "1 hours");
  const { DatabaseUnavailableError } = await import("../../src/errors.js");
  let calls = 0;
  const errors: unknown[] = [];
  const flaky: ScheduleLedger = {
    ...schedules,
    async dueInMs(except) {
      if (calls++ === 0) throw new DatabaseUnavailableError("away", null);
      return await schedules.dueInMs(except);
    },
  };
  start(bench, { ledger: flaky, onError: (error) => errors.push(error) });
  await waitFor(async () => (await submittedFor(bench)).length === 1, { what: "the job" });
  expect(errors).toEqual([]);
});

it("a schedule whose turn fails is reported and does not delay the others", async () => {
  const bench = await openSchedules("postgres");
  await make(bench, { name: "bad" });
  await make(bench, { name: "good" });
  await bench.database.query("update schedules set timezone = 'Mars/Base' where name = 'bad'");
  await missed(bench, "2 hours", "bad");
  await missed(bench, "1 hours", "good");
  const errors: unknown[] = [];
  start(bench, { onError: (error) => errors.push(error) });
  await waitFor(async () => (await submittedFor(bench)).length === 1, { what: "the good one's job" });
  expect(errors).toMatchObject([{ name: "TickError", schedule: "bad", cause: { code: "INVALID_INPUT" } }]);
});

it("reports when times were left out", async () => {
  const bench = await openSchedules("postgres");
  await make(bench, { catch_up: "one" });
  await missed(bench, "5 hours");
  const notices: unknown[] = [];
  start(bench, { onNotice: (facts, message) => notices.push([facts, message]) });
  await waitFor(() => notices.length > 0, { what: "a notice" });
  expect(notices).toEqual([[{ schedule: "hourly", at_least: 5 }, "missed times of a schedule were skipped"]]);
});
