import pg from "pg";
import { expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { Scheduler } from "../../src/schedules/index.js";
import { planTicks } from "../../src/schedules/plan.js";
import { openSecond } from "../ledger/engines.js";
import { make, missed, openSchedules, submittedFor, tick } from "./schedules.js";

it("two processes that tick at once never handle one scheduled time twice", async () => {
  const a = await openSchedules("postgres");
  const b = await openSecond(a);
  await make(a);
  await missed(a, "60 hours");
  const hourByHour: typeof planTicks = ({ next_at }) => {
    const next = new Date(Date.parse(next_at) + 3_600_000).toISOString();
    return { ticks: [new Date(next_at).toISOString()], leftOut: 0, next_at: next };
  };
  const worked: string[] = [];
  const work = async ({ ledger }: typeof a) => {
    while (((await ledger.schedules.dueInMs([])) ?? 0) <= 0)
      worked.push(...((await ledger.schedules.tick(hourByHour, []))?.ticks ?? []));
  };
  await Promise.all([work(a), work(b), work(a), work(b)]);
  expect(new Set(worked).size).toBe(worked.length);
  expect(worked.length).toBeGreaterThanOrEqual(61);
  expect(await submittedFor(a)).toEqual([...worked].sort());
});

it("many schedulers on many schedules: each scheduled time of each has one job", async () => {
  const benches = [await openSchedules("postgres")];
  const [first] = benches;
  if (!first) throw new Error("no bench");
  for (let n = 0; n < 3; n++) benches.push(await openSecond(first));
  const names = Array.from({ length: 20 }, (_, n) => `s${n}`);
  for (const name of names) await make(first, { name, catch_up: "all", cron: "* * * * * *" });
  await first.database.query(
    "update schedules set next_at = date_trunc('second', clock_timestamp()) - interval '20 seconds'",
  );
  const errors: unknown[] = [];
  const schedulers = benches.map(
    ({ ledger }) => new Scheduler({ ledger: ledger.schedules, onError: (error) => errors.push(error) }),
  );
  for (const scheduler of schedulers) scheduler.start();
  const count = "select count(*)::int as n from jobs";
  await waitFor(
    async () => ((await first.database.query<{ n: number }>(count)).rows[0]?.n ?? 0) >= names.length * 24,
    { what: "the jobs of 24 seconds" },
  );
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
  expect(errors).toEqual([]);
  const { rows } = await first.database.query<{ name: string; jobs: number; times: number; span: number }>(
    `select split_part(key, ':', 2) as name, count(distinct job_id)::int as jobs, count(distinct key)::int as times,
       (extract(epoch from max(t) - min(t)) + 1)::int as span
     from (select key, job_id, substr(key, strpos(key, ':2') + 1)::timestamptz as t from idempotency_keys) j group by 1`,
  );
  expect(rows.map((row) => row.name).sort()).toEqual([...names].sort());
  // One for each second, none twice, none left out.
  for (const row of rows) expect([row.jobs, row.times]).toEqual([row.span, row.span]);
});

it("a schedule that another process has locked is skipped, not waited for", async () => {
  const bench = await openSchedules("postgres");
  await make(bench);
  await missed(bench, "1 hours");
  const other = new pg.Client({ connectionString: bench.url ?? "" });
  await other.connect();
  try {
    await other.query("begin");
    await other.query("select from schedules for update");
    expect(await tick(bench)).toBeNull();
    await other.query("rollback");
    expect(await tick(bench)).not.toBeNull();
  } finally {
    await other.end();
  }
});

it("a pause that arrives during a turn waits for it, and applies from then on", async () => {
  const bench = await openSchedules("postgres");
  const second = await openSecond(bench);
  await make(bench);
  await missed(bench, "1 hours");
  let pausing: Promise<unknown> = Promise.resolve();
  await bench.ledger.schedules.tick((schedule, nowMs) => {
    pausing = second.ledger.schedules.pause("hourly");
    return planTicks(schedule, nowMs);
  }, []);
  await pausing;
  expect(await submittedFor(bench)).toHaveLength(1);
  expect((await bench.ledger.schedules.get("hourly"))?.paused_at).not.toBeNull();
  await missed(bench, "1 hours");
  expect(await tick(bench)).toBeNull();
});

it("a turn whose connection dies before its commit leaves nothing, and the next turn submits for that time", async () => {
  const bench = await openSchedules("postgres");
  await make(bench);
  await missed(bench, "1 hours");
  const admin = new pg.Client({ connectionString: bench.url ?? "" });
  await admin.connect();
  try {
    // The advance waits for this lock, when the job is already inserted.
    await admin.query(
      "create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_lock(7); return new; end $$",
    );
    await admin.query("create trigger hold before update on schedules for each row execute function hold()");
    await admin.query("select pg_advisory_lock(7)");
    const turn = tick(bench).then(
      () => "committed",
      (error: { code?: string }) => error.code,
    );
    const waiting =
      "select pid from pg_stat_activity where datname = current_database() and wait_event = 'advisory'";
    const pid = await waitFor(async () => (await admin.query(waiting)).rows[0]?.pid, { what: "the advance" });
    await admin.query("select pg_terminate_backend($1)", [pid]);
    expect(await turn).toBe("DATABASE_UNAVAILABLE");
    expect(await submittedFor(bench)).toEqual([]);
    await admin.query("drop trigger hold on schedules");
    expect(await tick(bench)).not.toBeNull();
    expect(await submittedFor(bench)).toHaveLength(1);
  } finally {
    await admin.end();
  }
});
