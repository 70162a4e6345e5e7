import { describe, expect, it } from "vitest";
import { DEADLINE_MS } from "../../../../tests/runner/deadline.js";
import type { ClaimedJob } from "../../src/ledger/index.js";
import { type Bench, claim, completed, failed, openBench, openSecond, registerWorker } from "./engines.js";

const PROCESSES = 4;
const JOBS = 240;

/**
 * Runs several connection pools, each with two loops that claim, hold their jobs for a while, and
 * settle.
 */
async function runAll(
  bench: Bench,
  { until, fails = 0.2 }: { until: (started: number) => boolean; fails?: number },
): Promise<void> {
  const benches = [bench];
  while (benches.length < PROCESSES) benches.push(await openSecond(bench));
  let started = 0;
  const loop = async (on: Bench): Promise<void> => {
    const worker = await registerWorker(on);
    let held: ClaimedJob[] = [];
    const deadline = performance.now() + DEADLINE_MS;
    while ((!until(started) || held.length > 0) && performance.now() < deadline) {
      const [ended, kept] = [held.filter(() => Math.random() < 0.5), [] as ClaimedJob[]];
      kept.push(...held.filter((job) => !ended.includes(job)));
      const { claimed } = await on.ledger.turn(
        ended.map((job) => ({
          job_id: job.id,
          attempt: job.attempt,
          worker_id: worker,
          outcome: Math.random() < fails && job.failures < 2 ? failed(0) : completed(),
        })),
        until(started)
          ? null
          : { worker_id: worker, queue: "default", kinds: ["noop"], limit: 5, after: null },
      );
      started += claimed.length;
      held = [...kept, ...claimed];
    }
  };
  await Promise.all(benches.flatMap((on) => [loop(on), loop(on)]));
}

async function submitAll({ ledger }: Bench, keys: readonly (string | undefined)[]): Promise<void> {
  await ledger.submitMany(
    Array.from({ length: JOBS }, (_, n) => {
      const key = keys[n % keys.length];
      return { kind: "noop", input: {}, max_attempts: 9, ...(key === undefined ? {} : { limit_key: key }) };
    }),
  );
}

/** The largest number that ran at once, calculated from the log alone. */
async function mostAtOnce({ database }: Bench, key?: string): Promise<number> {
  const { rows } = await database.query<{ most: number }>(
    `select max(running)::integer as most
     from (
       select sum(case when t.status = 'running' then 1 else -1 end) over (order by t.at, t.status) as running
       from (select *, lag(status) over (partition by job_id order by version) as from_status from transitions) t
       join jobs j on j.id = t.job_id
       where (t.status = 'running' or t.from_status = 'running') and ($1::text is null or j.limit_key = $1)
     ) counted`,
    [key ?? null],
  );
  return rows[0]?.most ?? 0;
}

/** The largest number started in any period; a period need not begin on a second or a slice. */
async function mostInPeriod({ database }: Bench, periodMs: number): Promise<number> {
  const { rows } = await database.query<{ most: number }>(
    `select max(n)::integer as most
     from (
       select count(*) over (order by started_at range between $1::double precision * interval '1 millisecond' preceding and current row) as n
       from jobs
       where started_at is not null
     ) counted`,
    [periodMs],
  );
  return rows[0]?.most ?? 0;
}

async function left({ database }: Bench): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    "select count(*)::integer as n from jobs where status <> 'completed'",
  );
  return rows[0]?.n ?? -1;
}

describe("limits with many connections that claim at once", () => {
  it("a queue never runs more jobs at once than its limit, and every job gets its turn", async () => {
    const bench = await openBench("postgres");
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: 7, rate: null });
    await submitAll(bench, [undefined]);
    let ended = false;
    await runAll(bench, {
      until: (started) => {
        if (started >= JOBS && !ended) void left(bench).then((n) => (ended = n === 0));
        return ended;
      },
    });
    expect(await left(bench)).toBe(0);
    expect(await mostAtOnce(bench)).toBe(7);
  });

  it("each key stays within its own limit, and the queue as a whole within its limit", async () => {
    const bench = await openBench("postgres");
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: 6, rate: null });
    await bench.ledger.setLimit("default", { scope: "each_key", concurrency: 2, rate: null });
    await bench.ledger.setLimit("default", { scope: "key", key: "c", concurrency: 3, rate: null });
    await submitAll(bench, ["a", "a", "a", "b", "c", undefined]);
    let ended = false;
    await runAll(bench, {
      until: (started) => {
        if (started >= JOBS && !ended) void left(bench).then((n) => (ended = n === 0));
        return ended;
      },
    });
    expect(await left(bench)).toBe(0);
    expect(await mostAtOnce(bench)).toBeLessThanOrEqual(6);
    expect([await mostAtOnce(bench, "a"), await mostAtOnce(bench, "b")]).toEqual([2, 2]);
    expect(await mostAtOnce(bench, "c")).toBeLessThanOrEqual(3);
  });

  it("no period, wherever it begins, has more starts than the rate allows, and the rate is used up", async () => {
    const bench = await openBench("postgres");
    await bench.ledger.setLimit("default", {
      scope: "queue",
      concurrency: null,
      rate: { count: 40, per_ms: 1_000 },
    });
    await submitAll(bench, [undefined]);
    expect(await claim(bench, await registerWorker(bench), 100)).toHaveLength(40);
    await runAll(bench, { until: (started) => started >= 120, fails: 0 });
    expect(await mostInPeriod(bench, 1_000)).toBe(40);
  });

  it("a locked job delays only the jobs of its own key", async () => {
    const bench = await openBench("postgres");
    const worker = await registerWorker(bench);
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: 1, rate: null });
    await bench.ledger.setLimit("default", { scope: "each_key", concurrency: 1, rate: null });
    const [held, next] = await bench.ledger.submitMany(
      ["a", "b"].map((limit_key) => ({ kind: "noop", input: {}, limit_key })),
    );
    await bench.database.transaction(async (tx) => {
      await tx.query("select from jobs where id = $1 for update", [held!.job.id]);
      expect((await claim(bench, worker, 5)).map((job) => job.id)).toEqual([next!.job.id]);
    });
  });
});
