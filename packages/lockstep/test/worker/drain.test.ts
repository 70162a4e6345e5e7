import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { ENGINES, openBench } from "../ledger/engines.js";
import { blockingHandler, kind, newFolder, newWorker, startWorker, submit, terminal } from "./setup.js";

describe.each(ENGINES)("stopping a worker on %s", (engine) => {
  it("lets handlers finish, claims nothing more, settles everything and deregisters", async () => {
    const place = await openBench(engine);
    const dataDir = await newFolder();
    const handler = blockingHandler();
    const worker = await startWorker(place, {
      definitions: [kind("blocking", handler.run(true))],
      concurrency: 1,
      dataDir,
    });
    const [running, waiting] = [await submit(place, "blocking"), await submit(place, "blocking")];
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    const stopped = worker.stop();
    expect(worker.health()).toMatchObject({ draining: true, degraded: false });
    await waitFor(async () => (await place.ledger.workers())[0]?.draining, { what: "the ledger to know" });
    handler.letGo(1, "finished");
    await stopped;
    expect(await place.ledger.get(running)).toMatchObject({ status: "completed", output: "finished" });
    expect(await place.ledger.get(waiting)).toMatchObject({ status: "pending", attempt: 0 });
    expect(await place.ledger.workers()).toEqual([]);
    expect(await readdir(join(dataDir, "spool"))).toEqual([]);
    expect(handler.aborted).toEqual([]);
  });

  it("aborts handlers that take too long and gives their jobs back, without using up an attempt of their budget", async () => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const worker = await startWorker(place, {
      definitions: [kind("heeding", handler.run(true)), kind("ignoring", handler.run(false))],
      drainSeconds: 0.1,
    });
    const [heeding, ignoring] = [await submit(place, "heeding"), await submit(place, "ignoring")];
    await waitFor(() => handler.inside().length === 2, { what: "the handlers to run" });
    await worker.stop();
    expect(handler.aborted).toEqual(["SHUTTING_DOWN", "SHUTTING_DOWN"]);
    for (const id of [heeding, ignoring]) {
      expect(await place.ledger.get(id)).toMatchObject({
        status: "pending",
        reason: "released",
        failures: 0,
        attempt: 1,
      });
    }
    expect(worker.health().running).toBe(1);
    handler.letGo();
  });

  it("accepts a handler's result even when it arrives during the abort", async () => {
    const place = await openBench(engine);
    const definition = kind("last-word", (_, ctx) => {
      entered = true;
      return new Promise((resolve) => ctx.signal.addEventListener("abort", () => resolve("just in time")));
    });
    let entered = false;
    const worker = await startWorker(place, { definitions: [definition], drainSeconds: 0 });
    const id = await submit(place, "last-word");
    await waitFor(() => entered, { what: "the handler to run" });
    await worker.stop();
    expect(await place.ledger.get(id)).toMatchObject({ status: "completed", output: "just in time" });
  });

  it("may be requested repeatedly, and with force does not wait", async () => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const worker = await startWorker(place, {
      definitions: [kind("blocking", handler.run(true))],
      drainSeconds: 600,
    });
    const id = await submit(place, "blocking");
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    const first = worker.stop();
    expect(worker.stop()).toBe(first);
    await worker.stop({ force: true });
    await first;
    expect(await place.ledger.get(id)).toMatchObject({ status: "pending", reason: "released" });
  });

  it("may be requested before the start, which is then refused", async () => {
    const place = await openBench(engine);
    const worker = await newWorker(place, { definitions: [kind("blocking", () => null)] });
    await worker.stop();
    await expect(worker.start()).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
    expect(await place.ledger.workers()).toEqual([]);
  });

  it("waits for a start that is in progress", async () => {
    const place = await openBench(engine);
    const worker = await newWorker(place, { definitions: [kind("blocking", () => null)] });
    const started = worker.start();
    expect(worker.start()).toStrictEqual(started);
    await Promise.all([started, worker.stop()]);
    expect(await place.ledger.workers()).toEqual([]);
  });
});

it("a stopped worker does not pass on its id: the next worker has another one", async () => {
  const place = await openBench("pglite");
  const definitions = [kind("note", (_, ctx) => ctx.job.worker_id)];
  const first = await startWorker(place, { definitions });
  await first.stop();
  const second = await startWorker(place, { definitions });
  expect(second.id).not.toBe(first.id);
  expect(await terminal(place, await submit(place, "note"))).toMatchObject({ output: second.id });
});
