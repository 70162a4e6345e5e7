import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import type { Batch, BatchResult, NewBatch } from "../../src/ledger/index.js";
import { openArchive } from "../archive/archived.js";
import {
  type Bench,
  claim,
  claimOne,
  completed,
  ENGINES,
  failed,
  openBench,
  openSecond,
  registerWorker,
  settle,
  submitNoop,
} from "./engines.js";

const actor = "ann";

async function submitBatch(bench: Bench, jobs: number, more: Partial<NewBatch> = {}): Promise<Batch> {
  const members = Array.from({ length: jobs }, (_, n) => ({ input: { n } }));
  return (await bench.ledger.batches.submit({ kind: "noop", members, ...more }, { actor })).batch;
}

const counted = async (bench: Bench, id: string) => (await bench.ledger.batches.get(id))?.counts;
const NONE = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };

async function finished(bench: Bench, id: string): Promise<BatchResult[]> {
  const results: BatchResult[] = [];
  for await (const page of bench.ledger.batches.finished(id)) results.push(...page);
  return results;
}

describe.each(ENGINES)("a batch on %s", (engine) => {
  it("is committed with all its jobs, which refer to it, and its counts follow their status exactly", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const batch = await submitBatch(bench, 5, { name: "five" });
    expect(batch).toMatchObject({ name: "five", jobs: 5, counts: { ...NONE, pending: 5 }, source: "ledger" });
    const page = await bench.ledger.list({ batch: batch.id, count: true });
    expect(page.total).toBe(5);
    expect(new Set(page.jobs.map((job) => job.batch_id))).toEqual(new Set([batch.id]));

    const members = new Set(page.jobs.map((job) => job.id));
    const own = (await claim(bench, worker, 4)).filter((job) => members.has(job.id));
    expect(own).toHaveLength(3);
    const [first, second] = own;
    if (!first || !second) throw new Error("nothing was claimed");
    await settle(bench, first, completed({ score: 1 }));
    await settle(bench, second, failed(null));
    const counts = { ...NONE, pending: 2, running: 1, completed: 1, failed: 1 };
    expect(await bench.ledger.batches.get(batch.id)).toMatchObject({
      counts,
      progress: { finished: 2, fraction: 0.4 },
    });
    expect(await finished(bench, batch.id)).toMatchObject([
      { id: first.id, status: "completed", output: { score: 1 }, error: null },
      { id: second.id, status: "failed", output: null, error: { message: "boom" } },
    ]);
  });

  it("is all or nothing: one invalid member, and nothing is recorded", async () => {
    const bench = await openBench(engine);
    const members = [{ input: {} }, { input: "\u0000" }];
    const refused = bench.ledger.batches.submit({ kind: "noop", members }, { actor });
    await expect(refused).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [{ pointer: "/inputs/1/input" }],
    });
    await expect(submitBatch(bench, 0)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect((await bench.ledger.list({})).jobs).toEqual([]);
    expect((await bench.ledger.batches.list({ limit: 10 })).batches).toEqual([]);
  });

  it("with the same key and request is the same batch; with another request it is rejected", async () => {
    const bench = await openBench(engine);
    const idempotency = { key: "monday", requestHash: "ab".repeat(32) };
    const first = await submitBatch(bench, 3, { idempotency });
    const again = await bench.ledger.batches.submit(
      { kind: "noop", members: [{ input: {} }], idempotency },
      { actor },
    );
    expect(again).toMatchObject({ replayed: true, batch: { id: first.id, jobs: 3 } });
    const other = { key: "monday", requestHash: "cd".repeat(32) };
    await expect(submitBatch(bench, 3, { idempotency: other })).rejects.toMatchObject({
      code: "IDEMPOTENCY_MISMATCH",
    });
    expect((await bench.ledger.list({})).jobs).toHaveLength(3);
  });

  it("is cancelled as a whole: pending jobs at once, running jobs when their worker gets the stop request", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const batch = await submitBatch(bench, 4);
    const done = await claimOne(bench, worker);
    await settle(bench, done, completed());
    const running = await claimOne(bench, worker);
    const bystander = await submitNoop(bench);
    const toStop: string[] = [];
    bench.ledger.wakeUps.onStopRequest((id) => toStop.push(id));

    expect(await bench.ledger.batches.cancel(batch.id, { actor })).toBe(3);
    expect(await counted(bench, batch.id)).toEqual({ ...NONE, running: 1, completed: 1, cancelled: 2 });
    expect(toStop).toEqual([running.id]);
    expect(await bench.ledger.batches.cancel(batch.id, { actor })).toBe(0);
    expect(await bench.ledger.get(bystander.id)).toMatchObject({ status: "pending", version: 1 });
    await settle(bench, running, { type: "cancelled", error: null });
    expect(await counted(bench, batch.id)).toEqual({ ...NONE, completed: 1, cancelled: 3 });
  });

  it("is retried as a whole: failed and cancelled jobs run again, completed jobs stay", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const batch = await submitBatch(bench, 3);
    await settle(bench, await claimOne(bench, worker), completed());
    await settle(bench, await claimOne(bench, worker), failed(null));
    await bench.ledger.batches.cancel(batch.id, { actor });
    const ready: unknown[] = [];
    bench.ledger.wakeUps.onReady((wakeUp) => ready.push(wakeUp));

    expect(await bench.ledger.batches.retry(batch.id, { actor: "bob" })).toBe(2);
    expect(await counted(bench, batch.id)).toEqual({ ...NONE, pending: 2, completed: 1 });
    expect(ready).toHaveLength(1);
    const again = await claimOne(bench, worker);
    expect(again).toMatchObject({ attempt: 2, failures: 0 });
    expect(await bench.ledger.batches.retry(batch.id, { actor })).toBe(0);
  });

  it("is listed newest first, page by page, and a missing one is reported as missing", async () => {
    const bench = await openBench(engine);
    const ids: string[] = [];
    for (let n = 1; n <= 3; n++) ids.unshift((await submitBatch(bench, n)).id);
    const first = await bench.ledger.batches.list({ limit: 2 });
    expect(first.batches.map((batch) => batch.id)).toEqual(ids.slice(0, 2));
    const rest = await bench.ledger.batches.list({ limit: 2, cursor: first.next ?? "" });
    expect([rest.batches.map((batch) => batch.id), rest.next]).toEqual([ids.slice(2), null]);
    await expect(bench.ledger.batches.list({ limit: 2, cursor: "x" })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
    const nobody = "00000000-0000-7000-8000-000000000000";
    expect(await bench.ledger.batches.get(nobody)).toBeNull();
    for (const change of ["cancel", "retry"] as const)
      await expect(bench.ledger.batches[change](nobody, { actor })).rejects.toMatchObject({
        code: "BATCH_NOT_FOUND",
      });
  });

  it("still counts and lists its jobs after they were archived", async () => {
    const bench = await openArchive(engine);
    const worker = await registerWorker(bench);
    const batch = await submitBatch(bench, 2);
    await settle(bench, await claimOne(bench, worker), completed({ score: 7 }));
    await settle(bench, await claimOne(bench, worker), failed(null));
    await bench.run();
    expect(await bench.rows()).toEqual([]);
    expect(await bench.ledger.batches.get(batch.id)).toMatchObject({
      counts: { ...NONE, completed: 1, failed: 1 },
      archived: 2,
      progress: { finished: 2, fraction: 1 },
    });
    const results = await finished(bench, batch.id);
    expect(results.map(({ status, output }) => [status, output])).toEqual([
      ["completed", { score: 7 }],
      ["failed", null],
    ]);
    expect(await bench.ledger.get(results[0]?.id ?? "")).toMatchObject({
      batch_id: batch.id,
      archived: true,
    });
    expect(await bench.ledger.batches.retry(batch.id, { actor })).toBe(0);
  });

  it("keeps its jobs: not even a manual UPDATE can move one to another batch", async () => {
    const bench = await openBench(engine);
    await submitBatch(bench, 1);
    for (const sql of [
      "update jobs set batch_id = null",
      "update batches set jobs = 2",
      "delete from batches",
    ])
      await expect(bench.database.query(sql)).rejects.toThrow();
  });
});

describe("batches under load on postgres", () => {
  it("10,000 jobs are submitted at once, counted exactly while workers settle them, and cancelled", async () => {
    const bench = await openBench("postgres");
    const other = await openSecond(bench);
    const batch = await submitBatch(bench, 10_000);
    expect(await counted(bench, batch.id)).toEqual({ ...NONE, pending: 10_000 });
    const worker = await registerWorker(other);
    let ended = 0;
    const sums: number[] = [];
    let stop = false;
    const work = (async () => {
      while (!stop) {
        const jobs = await claim(other, worker, 50);
        const outcomes = jobs.map((job) => ({
          job_id: job.id,
          attempt: 1,
          worker_id: worker,
          outcome: completed(),
        }));
        const { receipts } = await other.ledger.turn(outcomes, null);
        ended += receipts.filter((receipt) => receipt.result === "accepted").length;
      }
    })();
    await waitFor(
      async () => {
        const counts = (await counted(bench, batch.id)) ?? NONE;
        sums.push(Object.values(counts).reduce((sum, each) => sum + each, 0));
        return counts.completed > 500;
      },
      { what: "500 jobs to be done" },
    );
    await bench.ledger.batches.cancel(batch.id, { actor });
    stop = true;
    await work;
    const counts = await counted(bench, batch.id);
    expect(new Set(sums)).toEqual(new Set([10_000]));
    expect(counts).toMatchObject({ pending: 0, running: 0, failed: 0 });
    expect((counts?.completed ?? 0) + (counts?.cancelled ?? 0)).toBe(10_000);
    expect(counts?.completed).toBeGreaterThan(500);
    expect(ended).toBe(counts?.completed);
  });

  it("a batch submitted twice at once with one key is recorded once", async () => {
    const bench = await openBench("postgres");
    const idempotency = { key: "once", requestHash: "ab".repeat(32) };
    const both = await Promise.all([1, 2, 3].map(() => submitBatch(bench, 20, { idempotency })));
    expect(new Set(both.map((batch) => batch.id)).size).toBe(1);
    expect((await bench.ledger.list({ count: true })).total).toBe(20);
  });
});
