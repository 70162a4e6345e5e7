import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { promoteDue } from "../../src/ledger/sweep.js";
import { claim, ENGINES, openBench, registerWorker, submitNoop } from "./engines.js";

const quiet = { announce: () => undefined } as never;

describe.each(ENGINES)("claiming on %s", (engine) => {
  it("grants the smaller priority number first, then the older job", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const late = await submitNoop(bench, { priority: 5 });
    const first = await submitNoop(bench);
    const second = await submitNoop(bench);
    const urgent = await submitNoop(bench, { priority: -1 });
    const order = (await claim(bench, worker, 10)).map((job) => job.id);
    expect(order).toEqual([urgent.id, first.id, second.id, late.id]);
  });

  it("grants at most the requested number, and no job twice", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    for (let n = 0; n < 5; n++) await submitNoop(bench);
    expect(await claim(bench, worker, 3)).toHaveLength(3);
    expect(await claim(bench, worker, 3)).toHaveLength(2);
    expect(await claim(bench, worker, 0)).toHaveLength(0);
  });

  it("scans forward from a cursor and skips what lies before it", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    const request = { worker_id: worker, queue: "default", kinds: ["noop"], limit: 1 };
    const { cursor } = await bench.ledger.turn([], { ...request, after: null });
    const urgent = await submitNoop(bench, { priority: -1 });
    const next = await submitNoop(bench);
    const forward = await bench.ledger.turn([], { ...request, limit: 10, after: cursor });
    expect(forward.claimed.map((job) => job.id)).toEqual([next.id]);
    const rescan = await bench.ledger.turn([], { ...request, limit: 10, after: null });
    expect(rescan.claimed.map((job) => job.id)).toEqual([urgent.id]);
  });

  it("grants only jobs of the worker's kinds and of the requested queue", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench, { kind: "other" });
    const elsewhere = await submitNoop(bench, { queue: "elsewhere" });
    expect(await claim(bench, worker, 10)).toEqual([]);
    expect((await claim(bench, worker, 10, "elsewhere")).map((job) => job.id)).toEqual([elsewhere.id]);
  });

  it("grants nothing from a paused queue, and everything again after it is resumed", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const { id } = await submitNoop(bench);
    const paused = await bench.ledger.setPaused("default", true);
    expect(paused.paused_at).not.toBeNull();
    expect(await claim(bench, worker, 10)).toEqual([]);
    expect((await bench.ledger.explain(id))?.summary).toContain("queue default has been paused since");
    expect((await bench.ledger.setPaused("default", false)).paused_at).toBeNull();
    expect(await claim(bench, worker, 10)).toHaveLength(1);
    await expect(bench.ledger.setPaused("nowhere", true)).rejects.toMatchObject({ code: "QUEUE_NOT_FOUND" });
  });

  it("does not grant a delayed job until it is due and promoted", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench, { run_at: new Date(Date.now() + 3_600_000).toISOString() });
    const due = await promoteDue(bench.database, quiet);
    expect(due).toBeGreaterThan(0);
    expect(due).toBeLessThanOrEqual(3_600_000);
    expect(await claim(bench, worker)).toEqual([]);
    const { id } = await submitNoop(bench, { run_at: new Date(Date.now() + 500).toISOString() });
    const [job] = await waitFor(
      async () => {
        await promoteDue(bench.database, quiet);
        const claimed = await claim(bench, worker);
        return claimed.length > 0 ? claimed : null;
      },
      { what: "the job to be due" },
    );
    expect(job?.id).toBe(id);
    expect(Date.parse(job?.started_at ?? "")).toBeGreaterThanOrEqual(Date.parse(job?.run_at ?? ""));
    expect(await bench.ledger.transitions(id)).toHaveLength(2);
  });

  it("the timeout becomes the attempt's deadline", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench, { timeout_ms: 60_000 });
    const [job] = await claim(bench, worker);
    const allowed = Date.parse(job?.deadline_at ?? "") - Date.parse(job?.started_at ?? "");
    expect(Math.abs(allowed - 60_000)).toBeLessThan(10_000);
  });
});
