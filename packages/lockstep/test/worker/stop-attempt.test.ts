import { describe, expect, it } from "vitest";
import { z } from "zod";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { defineJob } from "../../src/job/index.js";
import { ENGINES, openBench } from "../ledger/engines.js";
import { blockingHandler, kind, startWorker, submit, terminal, until } from "./setup.js";

describe.each(ENGINES)("a worker on %s", (engine) => {
  it("fires the abort signal of a cancelled job, and records the cancellation", async () => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const id = await submit(place, "blocking");
    await startWorker(place, { definitions: [kind("blocking", handler.run(true))] });
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    await place.ledger.cancel(id, { actor: "test" });
    await waitFor(() => handler.aborted.length === 1, { what: "the signal" });
    expect(handler.aborted).toEqual(["JOB_CANCELLED"]);
    expect(await terminal(place, id)).toMatchObject({
      status: "cancelled",
      error: { code: "JOB_CANCELLED" },
    });
  });

  it("lets a completion win that comes after the stop request", async () => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const id = await submit(place, "blocking");
    await startWorker(place, { definitions: [kind("blocking", handler.run(false))] });
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    await place.ledger.cancel(id, { actor: "test" });
    await waitFor(() => handler.aborted.length === 1, { what: "the signal" });
    handler.letGo(1, "done after all");
    expect(await terminal(place, id)).toMatchObject({ status: "completed", output: "done after all" });
  });

  it("settles a timeout itself, also for a handler that ignores its signal, whose slot stays occupied", async () => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const heeding = await submit(place, "heeding", {}, { timeout_ms: 50, max_attempts: 1 });
    const ignoring = await submit(place, "ignoring", {}, { timeout_ms: 50, max_attempts: 1 });
    const worker = await startWorker(place, {
      definitions: [kind("heeding", handler.run(true)), kind("ignoring", handler.run(false))],
      concurrency: 2,
      graceSeconds: 0.2,
    });
    const error = { code: "JOB_TIMEOUT" };
    expect(await terminal(place, heeding)).toMatchObject({ status: "failed", reason: "timeout", error });
    expect(await terminal(place, ignoring)).toMatchObject({ status: "failed", reason: "timeout", error });
    expect(worker.health()).toMatchObject({ running: 1, runaway: 1, free_slots: 1 });
    handler.letGo(1, "too late");
    await waitFor(() => worker.health().running === 0, { what: "the handler to return" });
    expect(worker.health().runaway).toBe(0);
    expect(await place.ledger.get(ignoring)).toMatchObject({ status: "failed" });
  });

  it("accepts a late result as the job's result while the job waits to run again", async () => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const id = await submit(place, "blocking", {}, { timeout_ms: 50 });
    const definition = defineJob({
      kind: "blocking",
      input: z.any(),
      retry: { baseDelay: "10m" },
      run: handler.run(false),
    });
    await startWorker(place, { definitions: [definition], graceSeconds: 0.1 });
    await until(place, id, (job) => job.reason === "timeout", { what: "the attempt to time out" });
    handler.letGo(1, "found");
    expect(await terminal(place, id)).toMatchObject({
      status: "completed",
      reason: "late_result",
      output: "found",
      attempt: 1,
    });
  });
});
