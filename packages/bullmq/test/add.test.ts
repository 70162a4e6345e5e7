import { defineJob } from "lockstep";
import { openDatabase } from "lockstep/internal/database";
import { openLedger } from "lockstep/internal/ledger";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { setUp, untilEntry, useRedis } from "./setup.js";

useRedis();

const double = defineJob({
  kind: "double",
  input: z.object({ n: z.number() }),
  retry: { maxAttempts: 2, baseDelay: 10 },
  run: ({ n }) => ({ doubled: n * 2 }),
});

describe("adding a job through the bridge", () => {
  it("records the job, then makes an entry with the same id, and both end the same way", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const job = await bridge.add(double, { n: 21 });
    expect(job).toMatchObject({
      kind: "double",
      status: "pending",
      queue: setup.queue.name,
      max_attempts: 2,
    });
    await untilEntry(setup.queue, job.id, "waiting");
    expect((await setup.queue.getJob(job.id))?.data).toEqual({ n: 21 });
    setup.work(bridge.processor(double));
    await untilEntry(setup.queue, job.id, "completed");
    expect((await setup.queue.getJob(job.id))?.returnvalue).toEqual({ doubled: 42 });
    expect(await setup.ledger.get(job.id)).toMatchObject({ status: "completed", output: { doubled: 42 } });
    expect(await setup.ledger.transitions(job.id)).toMatchObject([
      { status: "pending", reason: "submitted", actor: "bullmq" },
      { status: "running", reason: "claimed" },
      { status: "completed", reason: "succeeded" },
    ]);
  });

  it("records the job in the schema that the bridge was given", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge({ schema: "lockstep_of_shop" });
    const job = await bridge.add(double, { n: 21 });
    setup.work(bridge.processor(double));
    await untilEntry(setup.queue, job.id, "completed");
    expect(await setup.ledger.get(job.id)).toBeNull();
    const shop = await openDatabase({ url: setup.url, schema: "lockstep_of_shop" });
    setup.onCleanup(() => shop.close());
    expect(await openLedger(shop).get(job.id)).toMatchObject({ status: "completed" });
  });

  it("in the caller's transaction, creates both when it commits and neither when it rolls back", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const client = new pg.Client({ connectionString: setup.url });
    await client.connect();
    setup.onCleanup(() => client.end());
    const addIn = async (end: "commit" | "rollback") => {
      await client.query("begin");
      const job = await bridge.add("double", { n: 1 }, { tx: client, bullmq: { lifo: true } });
      await client.query(end);
      return job;
    };
    const rolledBack = await addIn("rollback");
    const committed = await addIn("commit");
    await untilEntry(setup.queue, committed.id, "waiting");
    expect((await setup.queue.getJob(committed.id))?.opts).toMatchObject({ lifo: true });
    expect(await setup.queue.getJob(rolledBack.id)).toBeUndefined();
    expect(await setup.ledger.get(rolledBack.id)).toBeNull();
  });

  it("keeps the options of the queue and of the job, and passes the ledger the ones it needs", async () => {
    const setup = await setUp({
      queue: { defaultJobOptions: { attempts: 4, removeOnComplete: { count: 7 }, stackTraceLimit: 3 } },
    });
    const bridge = await setup.bridge();
    const job = await bridge.add("double", { n: 1 }, { bullmq: { priority: 9, delay: 60_000, keepLogs: 5 } });
    expect(job).toMatchObject({ max_attempts: 4, priority: 9 });
    const waitMs = Date.parse(job.run_at) - Date.parse(job.created_at);
    expect(waitMs).toBeGreaterThan(50_000);
    await untilEntry(setup.queue, job.id, "delayed");
    const opts = (await setup.queue.getJob(job.id))?.opts;
    expect(opts).toMatchObject({ priority: 9, keepLogs: 5, stackTraceLimit: 3, attempts: 4 });
    expect(opts?.removeOnComplete).toEqual({ count: 7 });
    expect(opts?.delay).toBeGreaterThan(50_000);
  });

  it("rejects options that would make the two disagree, reports all of them at once, and records nothing", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge({ relay: false });
    const refused = bridge.add("double", {}, { bullmq: { jobId: "x", deduplication: { id: "y" } } });
    await expect(refused).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [{ pointer: "/bullmq/jobId" }, { pointer: "/bullmq/deduplication" }],
    });
    await expect(bridge.add(double, { n: "x" } as never)).rejects.toMatchObject({
      issues: [{ pointer: "/n" }],
    });
    expect((await setup.ledger.list({})).jobs).toEqual([]);
  });

  it("adds many jobs at once, in order, and each key only once", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const jobs = Array.from({ length: 300 }, (_, n) => ({ job: double, input: { n } }));
    const added = await bridge.addBulk(jobs);
    await waitFor(async () => (await setup.queue.getWaitingCount()) === 300, { what: "300 entries" });
    const waiting = await setup.queue.getWaiting(0, -1);
    expect(waiting.map(({ id }) => id)).toEqual(added.map(({ id }) => id));
    const again = await bridge.add(double, { n: 1 }, { uniqueKey: "one" });
    expect(await bridge.add(double, { n: 1 }, { uniqueKey: "one" })).toMatchObject({
      id: again.id,
      deduplicated: "unique_key",
    });
  });

  it("a job that BullMQ rejects stays pending, is reported, and does not delay the others", async () => {
    const setup = await setUp();
    const bridge = await setup.bridge();
    const refused = await bridge.add("double", { n: 1 }, { bullmq: { sizeLimit: 1 } });
    const next = await bridge.add("double", { n: 2 });
    await untilEntry(setup.queue, next.id, "waiting");
    expect(await setup.queue.getJob(refused.id)).toBeUndefined();
    expect(await setup.ledger.get(refused.id)).toMatchObject({ status: "pending" });
  });
});

describe("a job that any client submits to the bridged queue of the ledger", () => {
  it("also gets an entry", async () => {
    const setup = await setUp();
    await setup.bridge();
    const { job } = await setup.ledger.submit({ kind: "double", input: { n: 1 }, queue: setup.queue.name });
    await untilEntry(setup.queue, job.id, "waiting");
  });

  it("also gets an entry when it was submitted before the bridge started", async () => {
    const setup = await setUp();
    const { job } = await setup.ledger.submit({ kind: "double", input: { n: 1 }, queue: setup.queue.name });
    await setup.bridge();
    await untilEntry(setup.queue, job.id, "waiting");
  });
});
