import { describe, expect, it } from "vitest";
import { statement } from "../../src/ledger/statements.js";
import { sweepOverdue } from "../../src/ledger/sweep.js";
import {
  claimOne,
  completed,
  ENGINES,
  failed,
  openBench,
  registerWorker,
  settle,
  submitNoop,
} from "./engines.js";

const quiet = { announce: () => undefined } as never;
const NOBODY = "00000000-0000-7000-8000-000000000000";

describe.each(ENGINES)("cancelling and requeueing on %s", (engine) => {
  it("cancels a pending job at once", async () => {
    const bench = await openBench(engine);
    const { id } = await submitNoop(bench);
    expect(await bench.ledger.cancel(id, { actor: "ann" })).toMatchObject({
      status: "cancelled",
      version: 2,
      actor: "ann",
    });
    expect(await bench.ledger.cancel(id, { actor: "ann" })).toMatchObject({
      status: "cancelled",
      version: 2,
    });
  });

  it("asks a running job to stop, notifies its worker, and records the request once", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    const toStop: string[] = [];
    bench.ledger.wakeUps.onStopRequest((id) => toStop.push(id));
    expect(await bench.ledger.cancel(job.id, { actor: "ann" })).toMatchObject({
      status: "running",
      version: 3,
      reason: "cancel_requested",
    });
    expect(await bench.ledger.cancel(job.id, { actor: "bob" })).toMatchObject({ version: 3, actor: "ann" });
    expect(toStop).toEqual([job.id]);
    expect(await bench.ledger.stopRequests(worker, [{ job_id: job.id, attempt: 1 }])).toEqual([
      { job_id: job.id, attempt: 1, why: "cancel_requested" },
    ]);
    expect(await settle(bench, job, { type: "cancelled", error: null })).toMatchObject({
      status: "cancelled",
      version: 4,
    });
  });

  it("a completion that commits before the cancellation takes effect wins", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    await bench.ledger.cancel(job.id, { actor: "ann" });
    expect(await settle(bench, job, completed())).toMatchObject({ status: "completed" });
    await expect(bench.ledger.cancel(job.id, { actor: "ann" })).rejects.toMatchObject({
      code: "ALREADY_FINISHED",
    });
    const sawItRun = { actor: "ann", expectedVersion: job.version };
    await expect(bench.ledger.cancel(job.id, sawItRun)).rejects.toMatchObject({ code: "VERSION_MISMATCH" });
  });

  it.each([
    ["a failure", failed(0)],
    ["a release", { type: "released" }],
  ] as const)(
    "%s of a job with a stop request cancels it, and nothing is retried",
    async (_what, outcome) => {
      const bench = await openBench(engine);
      const worker = await registerWorker(bench);
      await submitNoop(bench);
      const job = await claimOne(bench, worker);
      await bench.ledger.cancel(job.id, { actor: "ann" });
      expect(await settle(bench, job, outcome)).toMatchObject({ status: "cancelled" });
    },
  );

  it("a worker that reports cancelled without a stop request has failed", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    expect(
      await settle(bench, await claimOne(bench, worker), { type: "cancelled", error: null }),
    ).toMatchObject({ status: "failed" });
  });

  it("the sweeper cancels a job whose worker ignores the stop request", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const job = await claimOne(bench, worker);
    await bench.ledger.cancel(job.id, { actor: "ann" });
    expect(await sweepOverdue(bench.database, quiet, 60)).toBe(0);
    expect(await sweepOverdue(bench.database, quiet, 0)).toBe(1);
    expect(await bench.ledger.get(job.id)).toMatchObject({
      status: "cancelled",
      actor: "sweeper",
      error: { code: "JOB_CANCELLED" },
    });
  });

  it("checks the version again in the UPDATE itself, because the job may change between the check and the UPDATE", async () => {
    const bench = await openBench(engine);
    const { id } = await submitNoop(bench);
    const change = async (name: string, version: number) =>
      (await bench.database.query(statement(name), [id, "ann", version])).rows.length;
    expect(await change("cancel_pending", 7)).toBe(0);
    expect(await change("cancel_pending", 1)).toBe(1);
    expect(await change("requeue", 1)).toBe(0);
    expect(await change("requeue", 2)).toBe(1);
  });

  it("rejects a change by a caller who saw another version", async () => {
    const bench = await openBench(engine);
    const { id } = await submitNoop(bench);
    await expect(bench.ledger.cancel(id, { actor: "ann", expectedVersion: 7 })).rejects.toMatchObject({
      code: "VERSION_MISMATCH",
    });
    await expect(bench.ledger.requeue(id, { actor: "ann" })).rejects.toMatchObject({ code: "NOT_FINISHED" });
    await expect(bench.ledger.cancel(NOBODY, { actor: "ann" })).rejects.toMatchObject({
      code: "JOB_NOT_FOUND",
    });
    await expect(bench.ledger.cancel("not an id", { actor: "ann" })).rejects.toMatchObject({
      code: "JOB_NOT_FOUND",
    });
  });

  it("a requeue starts a new run: failures begin at zero, the attempt continues, the old outcome stays in the history", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench);
    await settle(bench, await claimOne(bench, worker), completed({ run: 1 }));
    const again = await bench.ledger.requeue(id, { actor: "ann", expectedVersion: 3 });
    expect(again).toMatchObject({
      status: "pending",
      version: 4,
      failures: 0,
      attempt: 1,
      output: null,
      finished_at: null,
    });
    expect((await bench.ledger.transitions(id)).at(-1)).toMatchObject({
      reason: "requeued",
      actor: "ann",
      detail: { output: { run: 1 } },
    });
    await settle(bench, await claimOne(bench, worker), completed({ run: 2 }));
    expect(await bench.ledger.get(id)).toMatchObject({ attempt: 2, output: { run: 2 }, version: 6 });
    await expect(bench.ledger.requeue(id, { actor: "ann", expectedVersion: 3 })).rejects.toMatchObject({
      code: "VERSION_MISMATCH",
    });
  });

  it("a requeue is refused while another live job holds the unique key", async () => {
    const bench = await openBench(engine);
    const { id } = await submitNoop(bench, { unique_key: "u" });
    await bench.ledger.cancel(id, { actor: "ann" });
    await submitNoop(bench, { unique_key: "u" });
    await expect(bench.ledger.requeue(id, { actor: "ann" })).rejects.toMatchObject({
      code: "UNIQUE_KEY_TAKEN",
    });
  });

  it("waits until a job is terminal, but never longer than requested", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench);
    expect(await bench.ledger.wait(id, { timeoutMs: 50 })).toMatchObject({ status: "pending" });
    const waiting = bench.ledger.wait(id, { timeoutMs: 20_000 });
    await settle(bench, await claimOne(bench, worker), completed());
    expect(await waiting).toMatchObject({ status: "completed" });
    expect(await bench.ledger.wait(NOBODY, { timeoutMs: 20_000 })).toBeNull();
  });
});
