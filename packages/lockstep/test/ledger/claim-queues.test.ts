import { describe, expect, it } from "vitest";
import type { QueuesClaimRequest } from "../../src/ledger/index.js";
import { type Bench, completed, ENGINES, openBench, registerWorker, settle, submitNoop } from "./engines.js";

/** Claims with room for all, unless told otherwise. */
async function claimFrom({ ledger }: Bench, names: string[], more: Partial<QueuesClaimRequest> = {}) {
  const worker_id = more.worker_id ?? (await registerWorker({ ledger } as Bench));
  const queues = names.map((name) => ({ name, after: null }));
  return ledger.claimQueues({ worker_id, kinds: ["noop"], queues, perQueue: 10, limit: 100, ...more });
}

describe.each(ENGINES)("a claim from several queues on %s", (engine) => {
  it("grants the first jobs of each, and says where each queue goes on", async () => {
    const bench = await openBench(engine);
    const jobs: Record<string, string> = {};
    for (const queue of ["a", "b", "c"])
      for (const n of [1, 2, 3]) jobs[`${queue}${n}`] = (await submitNoop(bench, { queue, input: { n } })).id;
    const found = await claimFrom(bench, ["c", "a", "empty"], { perQueue: 2 });
    expect(found.claimed.map(({ id }) => id)).toEqual([jobs.c1, jobs.c2, jobs.a1, jobs.a2]);
    expect(found.queues).toMatchObject([
      { name: "c", result: "scanned", claimed: 2, isFull: true, cursor: { id: jobs.c2 } },
      { name: "a", result: "scanned", claimed: 2, isFull: true, cursor: { id: jobs.a2 } },
      { name: "empty", result: "scanned", claimed: 0, isFull: false, cursor: null },
    ]);
    const [c] = found.queues;
    const after = c?.result === "scanned" ? c.cursor : null;
    const next = await claimFrom(bench, [], { queues: [{ name: "c", after }] });
    expect(next.claimed.map(({ id }) => id)).toEqual([jobs.c3]);
    expect(next.queues).toMatchObject([{ claimed: 1, isFull: false }]);
  });

  it("says which queues it did not come to when the limit was reached", async () => {
    const bench = await openBench(engine);
    for (const queue of ["a", "b", "c"])
      for (const n of [1, 2]) await submitNoop(bench, { queue, input: { n } });
    const found = await claimFrom(bench, ["a", "b", "c"], { limit: 3 });
    expect(found.claimed.map(({ queue }) => queue)).toEqual(["a", "a", "b"]);
    expect(found.queues).toMatchObject([
      { name: "a", claimed: 2, isFull: false },
      { name: "b", claimed: 1, isFull: true },
      { name: "c", result: "not scanned" },
    ]);
  });

  it("leaves out queues with limits, paused queues, other kinds and delayed jobs", async () => {
    const bench = await openBench(engine);
    const { ledger } = bench;
    for (const queue of ["limited", "paused", "open"]) await submitNoop(bench, { queue });
    await submitNoop(bench, { queue: "open", kind: "other" });
    await submitNoop(bench, { queue: "open", run_at: new Date(Date.now() + 60_000).toISOString() });
    await ledger.setLimit("limited", { scope: "queue", concurrency: 1, rate: null });
    await ledger.setPaused("paused", true);
    const found = await claimFrom(bench, ["limited", "paused", "open"]);
    expect(found.claimed.map(({ queue, kind }) => `${queue} ${kind}`)).toEqual(["open noop"]);
    expect(found.queues.map(({ result }) => result)).toEqual(["limited", "scanned", "scanned"]);
  });

  it("is fenced as any other claim: its jobs are running, and their worker settles them", async () => {
    const bench = await openBench(engine);
    const worker_id = await registerWorker(bench);
    await submitNoop(bench, { queue: "a" });
    await submitNoop(bench, { queue: "b" });
    const { claimed } = await claimFrom(bench, ["a", "b"], { worker_id });
    expect((await bench.ledger.heldBy(worker_id)).map(({ id }) => id).sort()).toEqual(
      claimed.map(({ id }) => id).sort(),
    );
    for (const job of claimed) {
      expect(job).toMatchObject({ status: "running", attempt: 1, version: 2, worker_id });
      expect(await settle(bench, job, completed())).toMatchObject({ result: "accepted" });
    }
    const { rows } = await bench.database.query(`select from ${bench.database.schema}.claims`);
    expect(rows).toEqual([]);
  });
});
