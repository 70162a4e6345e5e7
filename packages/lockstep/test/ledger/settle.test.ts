import { describe, expect, it } from "vitest";
import { sweepLost } from "../../src/ledger/sweep.js";
import {
  claimOne,
  completed,
  ENGINES,
  failed,
  openBench,
  registerWorker,
  settle,
  settlement,
  silence,
  submitNoop,
} from "./engines.js";

const quiet = { announce: () => undefined } as never;

describe.each(ENGINES)("settling on %s", (engine) => {
  it("completes a running job with its output", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench);
    const job = await claimOne(bench, worker);
    expect(job).toMatchObject({ id, attempt: 1, version: 2, status: "running", worker_id: worker });
    expect(await settle(bench, job, completed({ n: 1 }))).toMatchObject({
      result: "accepted",
      status: "completed",
    });
    expect(await bench.ledger.get(id)).toMatchObject({
      status: "completed",
      output: { n: 1 },
      error: null,
      version: 3,
      failures: 0,
    });
    expect((await bench.ledger.transitions(id)).map((line) => line.reason)).toEqual([
      "submitted",
      "claimed",
      "succeeded",
    ]);
  });

  it("the status of a job is what the job row says, and its input is not read", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench);
    const agree = async (status: string) => {
      const [job, read] = [await bench.ledger.get(id), await bench.ledger.status(id)];
      expect(read).toMatchObject({ status, as_of: expect.any(String) });
      expect({ ...job, as_of: read?.as_of }).toMatchObject({ ...read });
      expect(read).not.toHaveProperty("input");
    };
    await agree("pending");
    const job = await claimOne(bench, worker);
    await agree("running");
    await settle(bench, job, failed(0));
    await agree("pending");
    await settle(bench, await claimOne(bench, worker), completed({ n: 1 }));
    await agree("completed");
    expect(await bench.ledger.status("no id")).toBeNull();
  });

  it("answers a repeated settlement with already, and records nothing twice", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    await settle(bench, job, completed());
    expect(await settle(bench, job, completed())).toMatchObject({ result: "already", version: 3 });
    const twice = await bench.ledger.turn([settlement(job, completed()), settlement(job, completed())], null);
    expect(twice.receipts).toHaveLength(1);
    expect(await bench.ledger.transitions(job.id)).toHaveLength(3);
    expect(await bench.ledger.lateResults(job.id)).toEqual([]);
  });

  it("a worker that lost its lease cannot settle a newer attempt, and its finished result is kept beside the job", async () => {
    const bench = await openBench(engine);
    const [zombie, successor] = [await registerWorker(bench), await registerWorker(bench)];
    const { id } = await submitNoop(bench);
    const old = await claimOne(bench, zombie);
    await silence(bench, zombie);
    expect(await sweepLost(bench.database, quiet, 30)).toBe(1);
    const current = await claimOne(bench, successor);
    expect(current).toMatchObject({ id, attempt: 2 });
    expect(await settle(bench, old, completed({ from: "zombie" }))).toMatchObject({
      result: "late",
      status: "running",
    });
    expect(await settle(bench, old, failed(0))).toMatchObject({ result: "late" });
    expect(await bench.ledger.get(id)).toMatchObject({
      status: "running",
      attempt: 2,
      worker_id: successor,
      output: null,
    });
    expect(await settle(bench, current, completed({ from: "heir" }))).toMatchObject({ result: "accepted" });
    expect(await bench.ledger.get(id)).toMatchObject({ output: { from: "heir" } });
    expect(await bench.ledger.lateResults(id)).toMatchObject([
      { attempt: 1, worker_id: zombie, outcome: { output: { from: "zombie" } } },
    ]);
  });

  it("a worker cannot settle an attempt with another worker's id, nor another attempt with its own", async () => {
    const bench = await openBench(engine);
    const [owner, thief] = [await registerWorker(bench), await registerWorker(bench)];
    await submitNoop(bench);
    const job = await claimOne(bench, owner);
    expect(await settle(bench, { ...job, worker_id: thief }, completed())).toMatchObject({
      result: "fenced",
    });
    expect(await settle(bench, { ...job, attempt: 2 }, completed())).toMatchObject({ result: "fenced" });
    expect(await bench.ledger.get(job.id)).toMatchObject({ status: "running", version: 2 });
    expect(await bench.ledger.lateResults(job.id)).toEqual([]);
  });

  it("a result that arrives after the job was given up as lost completes it, when no worker claimed it since", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    await silence(bench, worker);
    await sweepLost(bench.database, quiet, 30);
    expect(await bench.ledger.get(job.id)).toMatchObject({
      status: "pending",
      losses: 1,
      error: { code: "WORKER_LOST", attempt: 1 },
    });
    expect(await settle(bench, job, completed({ late: true }))).toMatchObject({
      result: "accepted",
      status: "completed",
    });
    expect(await bench.ledger.get(job.id)).toMatchObject({
      status: "completed",
      reason: "late_result",
      output: { late: true },
      error: null,
    });
  });

  it("a result that a handler returns after its own attempt was settled as failed is kept beside the job", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench, { max_attempts: 1 });
    const job = await claimOne(bench, worker);
    await settle(bench, job, failed(null));
    expect(await settle(bench, job, failed(null))).toMatchObject({ result: "already" });
    expect(await settle(bench, job, completed({ runaway: true }))).toMatchObject({
      result: "late",
      status: "failed",
    });
    expect(await bench.ledger.lateResults(job.id)).toMatchObject([
      { outcome: { output: { runaway: true } } },
    ]);
  });

  it("a failure that arrives after the job was given up as lost changes nothing", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    await silence(bench, worker);
    await sweepLost(bench.database, quiet, 30);
    expect(await settle(bench, job, failed(0))).toMatchObject({ result: "late", status: "pending" });
    expect(await bench.ledger.get(job.id)).toMatchObject({ losses: 1, version: 3 });
  });

  it("an old result does not complete a job that an operator has queued again", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench, { max_attempts: 1 });
    const job = await claimOne(bench, worker);
    await silence(bench, worker);
    await sweepLost(bench.database, quiet, 30);
    await bench.ledger.cancel(job.id, { actor: "operator" });
    await bench.ledger.requeue(job.id, { actor: "operator" });
    expect(await settle(bench, job, completed())).toMatchObject({ result: "late", status: "pending" });
  });

  it("retries a failed attempt until the budget is spent, and keeps every attempt's error", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench, { max_attempts: 2 });
    expect(await settle(bench, await claimOne(bench, worker), failed(0, "first"))).toMatchObject({
      status: "pending",
    });
    expect(await bench.ledger.get(id)).toMatchObject({
      failures: 1,
      error: { message: "first", attempt: 1 },
      reason: "retry",
    });
    expect(await settle(bench, await claimOne(bench, worker), failed(0, "second"))).toMatchObject({
      status: "failed",
    });
    expect(await bench.ledger.get(id)).toMatchObject({
      status: "failed",
      failures: 2,
      attempt: 2,
      error: { message: "second" },
      reason: "error",
    });
    expect(await bench.ledger.attempts(id)).toMatchObject([
      { attempt: 1, outcome: "retried", error: { message: "first" } },
      { attempt: 2, outcome: "failed", error: { message: "second" } },
    ]);
  });

  it("a retry waits for its backoff before it can be claimed", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench);
    await settle(bench, await claimOne(bench, worker), failed(60_000));
    expect(
      (
        await bench.ledger.turn([], {
          worker_id: worker,
          queue: "default",
          kinds: ["noop"],
          limit: 5,
          after: null,
        })
      ).claimed,
    ).toEqual([]);
    expect((await bench.ledger.explain(id))?.summary).toMatch(
      /^Attempt 2 begins in (60|59\.\d) s: 1 of 3 allowed attempts failed, the last with "boom"\.$/,
    );
  });

  it("an error that must not be retried fails the job at once", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    expect(await settle(bench, await claimOne(bench, worker), failed(null))).toMatchObject({
      status: "failed",
    });
  });

  it("a release gives the job back without a failure", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench, { max_attempts: 1 });
    expect(await settle(bench, await claimOne(bench, worker), { type: "released" })).toMatchObject({
      status: "pending",
    });
    expect(await bench.ledger.get(id)).toMatchObject({
      failures: 0,
      attempt: 1,
      reason: "released",
      error: null,
    });
    expect(await claimOne(bench, worker)).toMatchObject({ attempt: 2 });
  });

  it("an output that PostgreSQL rejects fails its own job and no other job of the batch", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    for (let n = 0; n < 7; n++) await submitNoop(bench);
    const jobs = await bench.ledger.turn([], {
      worker_id: worker,
      queue: "default",
      kinds: ["noop"],
      limit: 10,
      after: null,
    });
    const poison = { type: "completed", output: '{"text":"a\\u0000b"}' } as const;
    const settlements = jobs.claimed.map((job, index) =>
      settlement(job, index === 3 ? poison : completed({ index })),
    );
    const { receipts } = await bench.ledger.turn(settlements, null);
    expect(receipts.map((receipt) => receipt.result).sort()).toEqual([
      ...Array(6).fill("accepted"),
      "unstorable",
    ]);
    expect(await bench.ledger.get(jobs.claimed[3]!.id)).toMatchObject({
      status: "failed",
      error: { code: "RESULT_UNSTORABLE" },
    });
    expect(await bench.ledger.get(jobs.claimed[2]!.id)).toMatchObject({
      status: "completed",
      output: { index: 2 },
    });
  });
});
