import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { sweepLost, sweepOverdue } from "../../src/ledger/sweep.js";
import {
  claim,
  claimOne,
  ENGINES,
  failed,
  openBench,
  registerWorker,
  settle,
  silence,
  submitNoop,
} from "./engines.js";

const quiet = { announce: () => undefined } as never;

describe.each(ENGINES)("sweeping on %s", (engine) => {
  it("leaves the jobs of a worker whose heartbeat is recent", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    await claimOne(bench, worker);
    expect(await sweepLost(bench.database, quiet, 30)).toBe(0);
  });

  it("a heartbeat after a long silence, before the sweep, saves the worker's jobs", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    await claimOne(bench, worker);
    await silence(bench, worker);
    expect(await bench.ledger.heartbeat(worker)).toBe(true);
    expect(await sweepLost(bench.database, quiet, 30)).toBe(0);
  });

  it("a heartbeat that lies in the future, because the clock was set back, keeps a worker no more alive than an old one", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    await claimOne(bench, worker);
    const beatIn = (seconds: number) =>
      bench.database.query(
        "update workers set heartbeat_at = clock_timestamp() + $2 * interval '1 second' where id = $1",
        [worker, seconds],
      );
    const isLive = async () => [
      (await bench.ledger.workers())[0]?.live,
      (await bench.ledger.liveWorkers()).total === 1,
    ];
    await beatIn(20);
    expect(await sweepLost(bench.database, quiet, 30)).toBe(0);
    expect(await isLive()).toEqual([true, true]);
    await beatIn(3_600);
    expect(await isLive()).toEqual([false, false]);
    expect(await sweepLost(bench.database, quiet, 30)).toBe(1);
  });

  it("takes the jobs of a worker that deregistered while it still held some", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench);
    await claimOne(bench, worker);
    await bench.ledger.deregister(worker);
    expect(await sweepLost(bench.database, quiet, 30)).toBe(1);
    expect(await bench.ledger.get(id)).toMatchObject({
      status: "pending",
      reason: "lost",
      actor: "sweeper",
      failures: 0,
      losses: 1,
    });
    await bench.ledger.deregister(worker);
    expect(await bench.ledger.workers()).toEqual([]);
  });

  it("takes the jobs of a worker whose row is gone", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    await claimOne(bench, worker);
    await bench.database.query("delete from workers");
    expect(await bench.ledger.heartbeat(worker)).toBe(false);
    expect(await sweepLost(bench.database, quiet, 30)).toBe(1);
  });

  it("a job lost too often fails permanently", async () => {
    const bench = await openBench(engine);
    const { id } = await submitNoop(bench, { max_attempts: 2 });
    for (let round = 0; round < 5; round++) {
      const worker = await registerWorker(bench);
      await claimOne(bench, worker);
      await silence(bench, worker);
      await sweepLost(bench.database, quiet, 30);
    }
    expect(await bench.ledger.get(id)).toMatchObject({
      status: "failed",
      failures: 0,
      losses: 5,
      error: { code: "WORKER_LOST", attempt: 5 },
    });
  });

  it("ends an attempt that outlived its deadline, although its worker is alive", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench, { timeout_ms: 1 });
    await claimOne(bench, worker);
    await waitFor(() => sweepOverdue(bench.database, quiet, 0), { what: "the deadline to pass" });
    expect(await bench.ledger.get(id)).toMatchObject({
      status: "pending",
      reason: "timeout",
      error: { code: "JOB_TIMEOUT" },
    });
  });

  it("judges no worker and no deadline while the clock is not the one that was read", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench, { timeout_ms: 1 });
    await claimOne(bench, worker);
    await silence(bench, worker);
    const hourAgo = Date.now() - 3_600_000;
    expect(await sweepLost(bench.database, quiet, 30, hourAgo)).toBe(0);
    const isOver = async () => {
      const { rows } = await bench.database.query("select from jobs where deadline_at < clock_timestamp()");
      return rows.length === 1;
    };
    await waitFor(isOver, { what: "the deadline to pass" });
    expect(await sweepOverdue(bench.database, quiet, 0, { steadySince: 0, nowMs: hourAgo })).toBe(0);
    expect(await sweepLost(bench.database, quiet, 30, Date.now())).toBe(1);
    expect(await bench.ledger.get(id)).toMatchObject({ reason: "lost" });
  });

  it("counts the time of an attempt, and of a stop request, from when the clock has run steadily", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const timed = await submitNoop(bench, { timeout_ms: 60_000 });
    const stopped = await submitNoop(bench);
    await claim(bench, worker, 2);
    await bench.ledger.cancel(stopped.id, { actor: "test" });
    await bench.database.query(
      "update jobs set deadline_at = clock_timestamp() - interval '1 hour' where deadline_at is not null",
    );
    const sweep = (steadySeconds: number, graceSeconds: number) =>
      sweepOverdue(bench.database, quiet, graceSeconds, {
        steadySince: Date.now() - steadySeconds * 1_000,
        nowMs: Date.now(),
      });
    expect(await sweep(5, 10)).toBe(0);
    await bench.database.query("alter table jobs disable trigger jobs_guard_update");
    await bench.database.query(
      "update jobs set started_at = started_at - interval '1 hour', cancel_requested_at = cancel_requested_at - interval '1 hour'",
    );
    expect(await sweep(5, 10)).toBe(0);
    expect(await sweep(15, 10)).toBe(1);
    expect(await bench.ledger.get(stopped.id)).toMatchObject({ status: "cancelled" });
    expect(await sweep(65, 10)).toBe(0);
    expect(await sweep(75, 10)).toBe(1);
    expect(await bench.ledger.get(timed.id)).toMatchObject({ reason: "timeout" });
  });

  it("on the embedded engine, only the jobs of the dead process are taken, and at once", async () => {
    const bench = await openBench(engine);
    if (engine !== "pglite") return expect(bench.database.engine).toBe("postgres");
    const [dead, remote] = [await registerWorker(bench, true), await registerWorker(bench, false)];
    await submitNoop(bench);
    await submitNoop(bench);
    const [mine] = await claim(bench, dead);
    const [theirs] = await claim(bench, remote);
    const maintenance = bench.ledger.createMaintenance();
    await maintenance.start();
    await maintenance.stop();
    expect(await bench.ledger.get(mine?.id ?? "")).toMatchObject({ status: "pending", reason: "lost" });
    expect(await bench.ledger.get(theirs?.id ?? "")).toMatchObject({ status: "running" });
  });

  it("the promoter promotes a delayed job when its time comes", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench, { run_at: new Date(Date.now() + 300).toISOString() });
    const maintenance = bench.ledger.createMaintenance();
    await maintenance.start();
    try {
      const job = await waitFor(async () => (await claim(bench, worker))[0], { what: "the delayed job" });
      expect(Date.parse(job.started_at ?? "")).toBeGreaterThanOrEqual(Date.parse(job.run_at));
    } finally {
      await maintenance.stop();
    }
  });

  it("a retry begins when its backoff is over, however short that is", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const maintenance = bench.ledger.createMaintenance();
    await maintenance.start();
    let inTime = 0;
    try {
      await submitNoop(bench, { max_attempts: 100 });
      let job = await claimOne(bench, worker);
      // A retry that always waits for the promoter's next check would be 900 ms late every time.
      for (let retries = 0; inTime < 4 && retries < 90; retries++) {
        await settle(bench, job, failed(100));
        job = await waitFor(async () => (await claim(bench, worker))[0], { what: "the retry", everyMs: 5 });
        if (Date.parse(job.started_at ?? "") - Date.parse(job.run_at) < 500) inTime += 1;
      }
    } finally {
      await maintenance.stop();
    }
    expect(inTime).toBe(4);
  });

  it("the sweeper takes back a silent worker's job once the reclaim grace period is over", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench);
    await claimOne(bench, worker);
    await silence(bench, worker);
    const maintenance = bench.ledger.createMaintenance({ leaseSeconds: 0.5, graceSeconds: 0.2 });
    await maintenance.start();
    try {
      await waitFor(async () => (await bench.ledger.get(id))?.status === "pending", { what: "the sweep" });
    } finally {
      await maintenance.stop();
    }
  });
});
