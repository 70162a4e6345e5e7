import { expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import type { BridgeHandler } from "../src/index.js";
import { startBridge } from "./bridge-process.js";
import { Oracle } from "./oracle.js";
import { type Setup, setUp, untilEntry, untilStatus, useRedis } from "./setup.js";

useRedis();

const reasonsOf = async (setup: Setup, id: string) =>
  (await setup.ledger.transitions(id)).map(({ status, reason }) => `${status} ${reason}`);

/** Returns which process ran the job. */
const here: BridgeHandler = (_input, { job }) => ({ by: process.pid, attempt: job.attempt });

it.concurrent("a worker killed after its outcome is recorded, before BullMQ knows it: the entry gets the recorded outcome", async (t) => {
  const setup = await setUp({ t });
  const bridge = await setup.bridge();
  const oracle = new Oracle(setup);
  const job = await bridge.add("any", {});
  const killed = await startBridge(setup, { relay: false, haltAt: "settled" });
  expect(await killed.reached("settled")).toBe(job.id);
  await untilEntry(setup.queue, job.id, "active");
  const { output } = await untilStatus(setup, job.id, "completed");
  await killed.kill();
  setup.work(bridge.processor(here));
  await untilEntry(setup.queue, job.id, "completed");
  expect((await setup.queue.getJob(job.id))?.returnvalue).toEqual(output);
  expect(output).toEqual({ by: killed.pid, attempt: 1 });
  await oracle.stop();
  expect(oracle.violations).toEqual([]);
});

it.concurrent.for(["claimed", "handling", "returned"] as const)(
  "a worker killed at the point '%s': the job is taken from it and run again",
  async (point, t) => {
    const setup = await setUp({ t });
    const bridge = await setup.bridge();
    const oracle = new Oracle(setup);
    const job = await bridge.add("any", {});
    const killed = await startBridge(setup, { relay: false, haltAt: point });
    expect(await killed.reached(point)).toBe(job.id);
    expect(await setup.ledger.get(job.id)).toMatchObject({ status: "running", attempt: 1 });
    await killed.kill();
    await setup.takeAway(job.id);
    setup.work(bridge.processor(here));
    await untilEntry(setup.queue, job.id, "completed");
    expect(await reasonsOf(setup, job.id)).toEqual([
      "pending submitted",
      "running claimed",
      "pending lost",
      "running claimed",
      "completed succeeded",
    ]);
    expect((await setup.queue.getJob(job.id))?.returnvalue).toEqual({ by: process.pid, attempt: 2 });
    await oracle.stop();
    expect(oracle.violations).toEqual([]);
  },
);

it.concurrent("a worker killed after a retry is recorded, before BullMQ knows it: the job is tried again, and its retry budget does not change", async (t) => {
  const setup = await setUp({ t });
  const bridge = await setup.bridge();
  const job = await bridge.add("any", {}, { maxAttempts: 3 });
  const killed = await startBridge(setup, { relay: false, haltAt: "settled", failPercent: 100 });
  await killed.reached("settled");
  await killed.kill();
  setup.work(bridge.processor(here));
  await untilEntry(setup.queue, job.id, "completed");
  expect(await setup.ledger.get(job.id)).toMatchObject({ status: "completed", attempt: 2, failures: 1 });
});

it.concurrent.for(["adding", "added"] as const)(
  "a relay killed at the point '%s': the next relay takes over, and the job runs once",
  async (point, t) => {
    const setup = await setUp({ t });
    const killed = await startBridge(setup, { work: false, haltAt: point });
    // The other relay must not be the first to lead.
    await killed.leads();
    const bridge = await setup.bridge();
    const job = await bridge.add("any", {});
    expect(await killed.reached(point)).toBe(job.id);
    expect(bridge.health().relaying).toBe(false);
    await killed.kill();
    setup.work(bridge.processor(here));
    await waitFor(() => bridge.health().relaying, { what: "the other relay to take over" });
    await untilEntry(setup.queue, job.id, "completed");
    expect(await setup.ledger.get(job.id)).toMatchObject({ attempt: 1 });
  },
);

it.concurrent("a worker stopped until its job is taken away, then resumed: BullMQ ignores its result, and the other worker's result stays", async (t) => {
  const setup = await setUp({ t });
  const bridge = await setup.bridge();
  const oracle = new Oracle(setup);
  const job = await bridge.add("any", {});
  const stopped = await startBridge(setup, { relay: false, workMs: null });
  await waitFor(() => stopped.lines.includes(`run ${job.id}`), { what: "the first run" });
  stopped.signal("SIGSTOP");
  await setup.takeAway(job.id);
  let go = (): void => undefined;
  const woken = new Promise<void>((resolve) => {
    go = resolve;
  });
  setup.work(
    bridge.processor(async (input, ctx, entry) => {
      stopped.signal("SIGCONT");
      stopped.signal("SIGUSR2");
      await woken;
      return await here(input, ctx, entry);
    }),
  );
  await waitFor(() => stopped.lines.includes(`told ${job.id}`), { what: "the end of the first run" });
  expect(await setup.ledger.get(job.id)).toMatchObject({ status: "running", attempt: 2 });
  go();
  await untilEntry(setup.queue, job.id, "completed");
  const output = { by: process.pid, attempt: 2 };
  expect((await setup.queue.getJob(job.id))?.returnvalue).toEqual(output);
  expect(await setup.ledger.get(job.id)).toMatchObject({ status: "completed", output });
  await oracle.stop();
  expect(oracle.violations).toEqual([]);
});

it.concurrent("an entry that BullMQ gives up as stalled is made again, because the ledger has not given up the job", async (t) => {
  const setup = await setUp({ t });
  const bridge = await setup.bridge();
  const job = await bridge.add("any", {});
  const killed = await startBridge(setup, { relay: false, haltAt: "handling" });
  await killed.reached("handling");
  await killed.kill();
  // BullMQ's own limit: the first stall ends the entry.
  setup.work(bridge.processor(here), { maxStalledCount: 0 });
  await untilEntry(setup.queue, job.id, "failed");
  await setup.takeAway(job.id);
  await untilEntry(setup.queue, job.id, "completed");
  expect(await setup.ledger.get(job.id)).toMatchObject({ status: "completed", attempt: 2 });
});
