import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { startBridge } from "./bridge-process.js";
import { Oracle } from "./oracle.js";
import { type Setup, setUp, theRedis, useRedis } from "./setup.js";

useRedis();

const JOBS = 600;
const BATCH = 100;

const unfinished = async ({ ledger, queue }: Setup) =>
  (await ledger.list({ queue: queue.name, status: ["pending", "running"], limit: 1_000 })).jobs;

const flush = async () => {
  const redis = new Redis(theRedis().url);
  await redis.flushall();
  redis.disconnect();
};

it("with every process killed now and then, and Redis flushed, each job ends once and both stores agree without help", async () => {
  const setup = await setUp();
  const oracle = new Oracle(setup);
  const adder = await setup.bridge({ relay: false });
  const orders = { workMs: 20, failPercent: 10 };
  const processes = [await startBridge(setup, orders), await startBridge(setup, orders)];
  const ids: string[] = [];
  for (let round = 0; round < JOBS / BATCH; round += 1) {
    const options = { maxAttempts: 50 };
    const jobs = Array.from({ length: BATCH }, (_, n) => ({ job: "any", input: { n }, options }));
    ids.push(...(await adder.addBulk(jobs)).map(({ id }) => id));
    await waitFor(async () => (await unfinished(setup)).length < ids.length / 2, {
      what: "half of the jobs to end",
    });
    if (round % 2 === 1) await flush();
    const [victim] = processes.splice(0, 1);
    await victim!.kill();
    await setup.takeAllFrom(victim!.pid);
    processes.push(await startBridge(setup, orders));
  }
  await waitFor(async () => (await unfinished(setup)).length === 0, { what: "all jobs to end" });
  await waitFor(
    async () => {
      return (await setup.queue.getJobCountByTypes("active", "waiting", "delayed")) === 0;
    },
    { what: "BullMQ to have nothing left to do" },
  );
  await oracle.stop();
  const states = await Promise.all(ids.map((id) => setup.queue.getJobState(id)));
  for (const [index, id] of ids.entries()) {
    const history = await setup.ledger.transitions(id);
    expect(history.filter(({ status }) => status === "completed")).toHaveLength(1);
    expect(history.at(-1)?.status).toBe("completed");
    // A flush deletes the entries of finished jobs. Nothing else is missing, and no entry is wrong.
    expect(["completed", "unknown"]).toContain(states[index]);
  }
  expect(oracle.violations).toEqual([]);
  expect(oracle.rounds).toBeGreaterThan(10);
  expect(oracle.completions).toBeGreaterThan(100);
});
