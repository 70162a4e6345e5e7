import { randomUUID } from "node:crypto";
import { createPostgresBackend, PostgresConnection, Queue, Worker } from "bullmq";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../../../tests/servers/database.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { jobOf, listed, openTestView, words } from "./open-view.js";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  const connection = new PostgresConnection({ connectionString: database.url, migrate: true });
  await connection.waitUntilReady();
  await connection.close();
});
afterAll(() => database.drop());

const open = (queue: string, more: object = {}) =>
  openTestView({ type: "bullmq-postgres", url: database.url, queue, ...more });

function backend() {
  // The type of the connection depends on the backend, but BullMQ's own types do not reflect that.
  return { connection: { connectionString: database.url } as never };
}

/** The slow job occupies the only slot, so jobs added after it keep waiting. */
async function everyState() {
  const queue = new Queue(`q-${randomUUID()}`, backend(), createPostgresBackend as never);
  onTestFinished(() => queue.close());
  await queue.add("ok", { n: 1 }, { jobId: "done" });
  await queue.add("bad", {}, { jobId: "broken" });
  await queue.add("slow", {}, { jobId: "busy" });
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const worker = new Worker(
    queue.name,
    async (job) => {
      if (job.name === "bad") throw new Error("exit 137");
      if (job.name === "slow") await slow;
      return { n: 1 };
    },
    { ...backend(), concurrency: 1 },
    createPostgresBackend as never,
  );
  onTestFinished(async () => {
    release();
    await worker.close();
  });
  await waitFor(async () => (await queue.getFailedCount()) + (await queue.getCompletedCount()) === 2, {
    what: "two to end",
  });
  await waitFor(async () => (await queue.getActiveCount()) === 1, { what: "one to be active" });
  await queue.add("ok", {}, { jobId: "later", delay: 3_600_000 });
  await queue.add("ok", {}, { jobId: "urgent", priority: 1 });
  await queue.add("ok", {}, { jobId: "next" });
  return queue;
}

describe("a queue of BullMQ in PostgreSQL", () => {
  it("is read in every state, with the names of BullMQ's own library", async () => {
    const queue = await everyState();
    const view = open(queue.name);
    await view.examine();
    const expected = {
      done: "completed",
      broken: "failed",
      busy: "active",
      later: "delayed",
      urgent: "prioritized",
      next: "waiting",
    };
    expect(await listed(view)).toEqual(expected);
    expect(await words(view, [...Object.keys(expected), "nobody", "\u0000"])).toEqual({
      ...expected,
      nobody: "absent",
      "\u0000": "absent",
    });
    for (const [id, word] of Object.entries(expected)) expect(await queue.getJobState(id)).toBe(word);

    expect(await jobOf(view, "done")).toMatchObject({ status: "completed", result: { n: 1 }, attempt: 1 });
    expect(await jobOf(view, "broken")).toMatchObject({ errorJson: '{"message":"exit 137"}' });
    expect(await jobOf(view, "busy")).toMatchObject({ status: "running", lock: "held" });
    expect(await jobOf(view, "next")).toMatchObject({ status: "pending", isQueued: true });
    const job = await queue.getJob("done");
    expect(Date.parse((await jobOf(view, "done")).finishedAt ?? "")).toBe(job?.finishedOn);

    const client = new pg.Client(database.url);
    await client.connect();
    await client.query("update bullmq.job set locked_until_ms = 1 where id = 'busy'");
    await client.end();
    expect((await jobOf(view, "busy")).lock).toBe("gone");
  });

  it("is refused when there is no BullMQ table", async () => {
    await expect(open("q", { schema: "public" }).examine()).rejects.toMatchObject({ code: "VIEW_MISMATCH" });
  });
});
