import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineJob } from "../../src/job/index.js";
import { type Bench, ENGINES, openBench, registerWorker, submitNoop } from "./engines.js";

const noop = defineJob({ kind: "noop", queue: "mail", input: z.unknown(), run: () => null });

async function summaryOf({ ledger }: Bench, id: string): Promise<string> {
  return (await ledger.explain(id))?.summary ?? "";
}

describe.each(ENGINES)("a job that no worker takes, on %s", (engine) => {
  const waiting = /^Waiting because no live worker takes kind noop from queue default; /;

  it("says that its kind is not recorded", async () => {
    const bench = await openBench(engine);
    const { id } = await submitNoop(bench);
    expect(await summaryOf(bench, id)).toMatch(waiting);
    expect(await summaryOf(bench, id)).toMatch(/; the kind is not recorded\.$/);
  });

  it("says that its kind is recorded in another queue, and nothing about workers it does not know", async () => {
    const bench = await openBench(engine);
    await bench.ledger.kinds.define([noop]);
    const { id } = await submitNoop(bench);
    expect(await summaryOf(bench, id)).toMatch(waiting);
    expect(await summaryOf(bench, id)).toMatch(
      /; the kind was recorded at \S+, and when a worker last took it is not known; the kind's own queue is mail\.$/,
    );
    const { evidence = [] } = (await bench.ledger.explain(id)) ?? {};
    expect(evidence).toContainEqual({ name: "kind_queue", value: "mail" });
    expect(evidence).toContainEqual({ name: "kind_recorded_at", value: expect.any(String) });
  });

  it("does not say that no worker ever took the kind when the row of one is gone", async () => {
    const bench = await openBench(engine);
    const worker = await registerWorker(bench);
    await bench.database.query("update workers set heartbeat_at = clock_timestamp() - interval '2 hours'");
    const { id } = await submitNoop(bench);
    expect(await summaryOf(bench, id)).toMatch(/; one that does was last seen at \S+\.$/);
    await bench.ledger.deregister(worker);
    await bench.database.query("delete from workers");
    expect(await summaryOf(bench, id)).toMatch(/; the kind was recorded at \S+, and .* is not known\.$/);
  });

  it("says that workers take its kind from other queues", async () => {
    const bench = await openBench(engine);
    await bench.ledger.kinds.define([noop]);
    await registerWorker(bench);
    await bench.database.query("update workers set queues = '{mail}'");
    const { id } = await submitNoop(bench);
    expect(await summaryOf(bench, id)).toMatch(
      /; 1 live worker takes it from other queues; the kind's own queue is mail\.$/,
    );
  });
});
