import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  claim,
  claimOne,
  completed,
  ENGINES,
  failed,
  openBench,
  registerWorker,
  settle,
  submitNoop,
} from "./engines.js";

describe.each(ENGINES)("claims on %s", (engine) => {
  it.each([completed({ of: "the lost claim" }), failed(0)])(
    "a claim that a failover lost is not mistaken for its successor: %j",
    async (outcome) => {
      const bench = await openBench(engine);
      const worker = await registerWorker(bench);
      await submitNoop(bench);
      // The new primary does not know the first claim: the same worker gets the same attempt again.
      const lost = { claim_token: randomUUID() };
      const job = await claimOne(bench, worker);
      expect(await settle(bench, { ...job, ...lost }, outcome)).toMatchObject({ result: "fenced" });
      expect(await bench.ledger.get(job.id)).toMatchObject({ status: "running", version: 2 });
      expect(await bench.ledger.lateResults(job.id)).toEqual([]);
      expect(await settle(bench, job, completed({ of: "mine" }))).toMatchObject({ result: "accepted" });
    },
  );

  it("closes a claim when none of its jobs runs any more, and not before", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    for (let n = 0; n < 3; n++) await submitNoop(bench);
    const [a, b, c] = await claim(bench, worker, 3);
    if (!a || !b || !c) throw new Error("three jobs are ready");
    const left = async () => {
      const held = await bench.ledger.heldBy(worker);
      const { rows } = await bench.database.query("select token from claims");
      return [rows.length, held.map((job) => job.id).sort()];
    };
    await settle(bench, a, completed());
    expect(await left()).toEqual([1, [b.id, c.id].sort()]);
    await settle(bench, b, failed(60_000));
    expect(await left()).toEqual([1, [c.id]]);
    await settle(bench, c, { type: "released" });
    expect(await left()).toEqual([0, []]);
  });
});
