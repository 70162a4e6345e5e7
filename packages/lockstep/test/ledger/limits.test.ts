import { describe, expect, it } from "vitest";
import { sweepLost } from "../../src/ledger/sweep.js";
import {
  type Bench,
  claim,
  completed,
  ENGINES,
  failed,
  openBench,
  registerWorker,
  settle,
  silence,
  submitNoop,
} from "./engines.js";

const quiet = { announce: () => undefined } as never;
const NO_RATE = { rate: null } as const;

async function submitKeyed(bench: Bench, ...keys: (string | undefined)[]) {
  const ids: string[] = [];
  for (const key of keys) ids.push((await submitNoop(bench, key === undefined ? {} : { limit_key: key })).id);
  return ids;
}

describe.each(ENGINES)("limits on %s", (engine) => {
  it("a queue never runs more jobs at once than its limit, and the next one is granted when one ends, however it ends", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    for (let n = 0; n < 8; n++) await submitNoop(bench);
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: 2, ...NO_RATE });
    const [first, second, ...others] = await claim(bench, worker, 10);
    expect(others).toEqual([]);
    expect(await claim(bench, worker, 10)).toEqual([]);
    await settle(bench, first!, completed());
    const [third, ...more] = await claim(bench, worker, 10);
    expect(more).toEqual([]);
    await settle(bench, second!, failed(null));
    await settle(bench, third!, failed(3_600_000));
    expect(await claim(bench, worker, 10)).toHaveLength(2);
    await silence(bench, worker);
    expect(await sweepLost(bench.database, quiet, 30)).toBe(2);
    expect(await claim(bench, await registerWorker(bench), 10)).toHaveLength(2);
  });

  it("settling and claiming in one turn counts the slot that the settlement frees", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: 1, ...NO_RATE });
    await submitNoop(bench);
    await submitNoop(bench);
    const [job] = await claim(bench, worker, 10);
    const { receipts, claimed } = await bench.ledger.turn(
      [{ job_id: job!.id, attempt: 1, worker_id: worker, outcome: completed() }],
      { worker_id: worker, queue: "default", kinds: ["noop"], limit: 10, after: null },
    );
    expect([receipts[0]?.result, claimed.length]).toEqual(["accepted", 1]);
  });

  it("each key has its own limit, a named key has a different one, and a job without a key has none", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitKeyed(bench, "a", "a", "a", "b", "b", "big", "big", "big", undefined, undefined);
    await bench.ledger.setLimit("default", { scope: "each_key", concurrency: 1, ...NO_RATE });
    await bench.ledger.setLimit("default", { scope: "key", key: "big", concurrency: 2, ...NO_RATE });
    expect(await claim(bench, worker, 100)).toHaveLength(1 + 1 + 2 + 2);
    expect(await claim(bench, worker, 100)).toEqual([]);
    await bench.ledger.setLimit("default", { scope: "key", key: "big", concurrency: null, ...NO_RATE });
    expect(await claim(bench, worker, 100)).toEqual([]);
    await bench.ledger.setLimit("default", { scope: "each_key", concurrency: null, ...NO_RATE });
    expect(await claim(bench, worker, 100)).toHaveLength(4);
    expect(await bench.ledger.limits("default")).toEqual({
      queue: "default",
      limit: null,
      each_key: null,
      keys: [],
    });
  });

  it("a key at its limit delays no other key, whichever came first, and the order within a key stays", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const [a1, a2, , b1] = await submitKeyed(bench, "a", "a", "a", "b");
    const urgent = (await submitNoop(bench, { limit_key: "b", priority: -5 })).id;
    await bench.ledger.setLimit("default", { scope: "each_key", concurrency: 1, ...NO_RATE });
    const first = await claim(bench, worker, 10);
    expect(first.map((job) => job.id).sort()).toEqual([a1, urgent].sort());
    for (const job of first) await settle(bench, job, completed());
    expect((await claim(bench, worker, 10)).map((job) => job.id).sort()).toEqual([a2, b1].sort());
  });

  it("the limits of a queue and of its keys apply together", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitKeyed(bench, "a", "a", "a", "b", "c", "d");
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: 3, ...NO_RATE });
    await bench.ledger.setLimit("default", { scope: "each_key", concurrency: 2, ...NO_RATE });
    expect(await claim(bench, worker, 10)).toHaveLength(3);
  });

  it("a period never has more starts than the rate allows, retries included, and the claim says when more may start", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    for (let n = 0; n < 5; n++) await submitNoop(bench);
    await bench.ledger.setLimit("default", {
      scope: "queue",
      concurrency: null,
      rate: { count: 3, per_ms: 3_600_000 },
    });
    const [first] = await claim(bench, worker, 2);
    await settle(bench, first!, failed(0));
    expect(await claim(bench, worker, 10)).toHaveLength(1);
    const turn = await bench.ledger.turn([], {
      worker_id: worker,
      queue: "default",
      kinds: ["noop"],
      limit: 10,
      after: null,
    });
    expect(turn.claimed).toEqual([]);
    expect(turn.more_in_ms).toBeGreaterThan(3_000_000);
    expect(turn.more_in_ms).toBeLessThanOrEqual(3_636_000);
  });

  it("a rate of a key counts only that key's jobs", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitKeyed(bench, "a", "a", "a", "b", "b");
    await bench.ledger.setLimit("default", {
      scope: "each_key",
      concurrency: null,
      rate: { count: 2, per_ms: 60_000 },
    });
    expect(await claim(bench, worker, 10)).toHaveLength(4);
    expect(await claim(bench, worker, 10)).toEqual([]);
  });

  it("a job claimed by its id is granted only within the limits", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const ids = await submitKeyed(bench, "a", "a", undefined, undefined);
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: 2, ...NO_RATE });
    await bench.ledger.setLimit("default", { scope: "each_key", concurrency: 1, ...NO_RATE });
    const granted = await Promise.all(ids.map((id) => bench.ledger.claimJob(worker, id)));
    expect(granted.filter((job) => job !== null)).toHaveLength(2);
    expect(granted.slice(0, 2).filter((job) => job !== null).length).toBeLessThan(2);
    for (const job of granted) if (job) await settle(bench, job, completed());
    const left = ids.filter((_, index) => granted[index] === null);
    expect(await bench.ledger.claimJob(worker, left[0]!)).toMatchObject({ status: "running" });
  });

  it("a paused queue grants nothing, and a queue without limits is claimed as usual", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await submitNoop(bench);
    await submitNoop(bench, { queue: "free" });
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: 5, ...NO_RATE });
    await bench.ledger.setPaused("default", true);
    expect(await claim(bench, worker, 10)).toEqual([]);
    expect(await claim(bench, worker, 10, "free")).toHaveLength(1);
  });

  it("explains what a job is waiting for", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    const [, waiting] = await submitKeyed(bench, "acme", "acme");
    const explain = async () => (await bench.ledger.explain(waiting!))?.summary;
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: 1, ...NO_RATE });
    await claim(bench, worker, 10);
    expect(await explain()).toBe("Waiting because queue default runs 1 of 1 jobs that may run at once.");
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: null, ...NO_RATE });
    await bench.ledger.setLimit("default", { scope: "each_key", concurrency: 1, ...NO_RATE });
    expect(await explain()).toBe(
      'Waiting because limit key "acme" of queue default runs 1 of 1 jobs that may run at once.',
    );
    await bench.ledger.setLimit("default", { scope: "each_key", concurrency: null, ...NO_RATE });
    const rate = { count: 1, per_ms: 60_000 };
    await bench.ledger.setLimit("default", { scope: "queue", concurrency: null, rate });
    const third = await submitNoop(bench);
    expect(await claim(bench, worker, 10)).toHaveLength(1);
    expect((await bench.ledger.explain(third.id))?.summary).toBe(
      "Waiting because queue default has started 1 of 1 jobs that may start in 60 s.",
    );
  });

  it.each([
    [{ scope: "queue", concurrency: 0, rate: null }, "/concurrency"],
    [{ scope: "queue", concurrency: 1.5, rate: null }, "/concurrency"],
    [{ scope: "queue", concurrency: null, rate: { count: 1, per_ms: 10 } }, "/rate"],
    [{ scope: "key", concurrency: 1, rate: null }, "/key"],
    [{ scope: "queue", key: "a", concurrency: 1, rate: null }, "/key"],
  ] as const)("rejects %o", async (limit, pointer) => {
    const bench = await openBench(engine);
    await expect(bench.ledger.setLimit("default", limit)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [{ pointer }],
    });
  });
});
