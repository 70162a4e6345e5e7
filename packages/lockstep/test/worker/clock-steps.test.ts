import { afterEach, describe, expect, it, vi } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import type { ClaimedJob, Ledger } from "../../src/ledger/index.js";
import { ENGINES, openBench } from "../ledger/engines.js";
import { blockingHandler, kind, type Place, startWorker, submit, terminal } from "./setup.js";

const HOUR_MS = 3_600_000;
const STEPS = [
  ["forward", HOUR_MS],
  ["back", -HOUR_MS],
] as const;

afterEach(() => {
  vi.useRealTimers();
});

/** Waits until a job has run into its timeout. */
async function timeOut(place: Place, timeoutMs: number): Promise<void> {
  const id = await submit(place, "timed", {}, { timeout_ms: timeoutMs, max_attempts: 1 });
  expect(await terminal(place, id)).toMatchObject({ reason: "timeout" });
}

const timed = kind("timed", blockingHandler().run(true));

/** The ledger's answers as if the database's clock had been set after the claim. */
function withStep(ledger: Ledger, stepMs: number) {
  const step = (job: ClaimedJob): ClaimedJob => ({
    ...job,
    as_of: new Date(Date.parse(job.as_of) + stepMs).toISOString(),
  });
  return new Proxy(ledger, {
    get(target, name) {
      if (name !== "turn") return Reflect.get(target, name) as unknown;
      return async (...args: Parameters<Ledger["turn"]>) => {
        const result = await target.turn(...args);
        return { ...result, claimed: result.claimed.map(step) };
      };
    },
  });
}

describe.each(ENGINES)("a worker on %s", (engine) => {
  it.each(STEPS)(
    "runs a job with a timeout to its end when the database's clock goes %s",
    async (_, stepMs) => {
      const place = await openBench(engine);
      const handler = blockingHandler();
      const id = await submit(place, "blocking", {}, { timeout_ms: 1_800_000, max_attempts: 1 });
      await startWorker(
        { ...place, ledger: withStep(place.ledger, stepMs) },
        { definitions: [kind("blocking", handler.run(true)), timed] },
      );
      await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
      await timeOut(place, 100); // By then a timer of the other job would also have fired.
      expect(handler.aborted).toEqual([]);
      handler.letGo();
      expect(await terminal(place, id)).toMatchObject({ status: "completed", failures: 0 });
    },
  );

  it.each(STEPS)("still ends a job at its timeout when the database's clock goes %s", async (_, stepMs) => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const id = await submit(place, "blocking", {}, { timeout_ms: 200, max_attempts: 1 });
    await startWorker(
      { ...place, ledger: withStep(place.ledger, stepMs) },
      { definitions: [kind("blocking", handler.run(true)), timed] },
    );
    expect(await terminal(place, id)).toMatchObject({ status: "failed", error: { code: "JOB_TIMEOUT" } });
  });

  it.each(STEPS)("keeps its lease and its jobs when its own wall clock goes %s", async (_, stepMs) => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const id = await submit(place, "blocking", {}, { timeout_ms: 1_800_000, max_attempts: 1 });
    const worker = await startWorker(place, {
      definitions: [kind("blocking", handler.run(true)), timed],
      leaseSeconds: 1_200,
    });
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + stepMs });
    await timeOut(place, 800); // The lease is checked three times meanwhile.
    expect(worker.health().degraded).toBe(false);
    expect(handler.aborted).toEqual([]);
    handler.letGo();
    expect(await terminal(place, id)).toMatchObject({ status: "completed", failures: 0 });
  });
});
