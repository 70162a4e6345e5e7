import { randomUUID } from "node:crypto";
import * as six from "bullmq";
import { Redis as Client } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Redis, startRedis } from "../../../../tests/servers/redis.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { connectionTo, startWorker, VERSIONS } from "./bullmq-versions.js";
import { jobOf, listed, openTestView, words } from "./open-view.js";

let redis: Redis;
let client: Client;

beforeAll(async () => {
  redis = await startRedis();
  client = new Client(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.remove();
});

function openQueue(library: typeof six, name = `q-${randomUUID()}`) {
  const queue = new library.Queue(name, { connection: connectionTo(redis) });
  onTestFinished(() => queue.close());
  return queue;
}

/** The slow job occupies the only slot, so jobs added after it keep waiting. */
async function everyState(library: typeof six) {
  const queue = openQueue(library);
  await queue.add("ok", { n: 1 }, { jobId: "done" });
  await queue.add("bad", {}, { jobId: "broken" });
  await queue.add("slow", {}, { jobId: "busy" });
  await startWorker(library, redis, queue.name, { concurrency: 1 });
  await waitFor(async () => (await queue.getFailedCount()) + (await queue.getCompletedCount()) === 2, {
    what: "two to end",
  });
  await waitFor(async () => (await queue.getActiveCount()) === 1, { what: "one to be active" });
  await queue.add("ok", {}, { jobId: "later", delay: 3_600_000 });
  await queue.add("ok", {}, { jobId: "urgent", priority: 1 });
  await queue.add("ok", {}, { jobId: "next" });
  return queue;
}

const config = (queue: string, more: object = {}) => ({ type: "bullmq", url: redis.url, queue, ...more });

async function snapshot(queue: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const key of (await client.keys(`bull:${queue}:*`)).sort())
    if (!key.endsWith(":lock") && !key.endsWith(":stalled-check"))
      all[key] = (await client.dumpBuffer(key))?.toString("hex") ?? "";
  return all;
}

describe.each(VERSIONS)("a queue of BullMQ %s", (_version, library) => {
  it("is read in every state, with the names of BullMQ's own library", async () => {
    const queue = await everyState(library);
    const view = openTestView(config(queue.name));
    const expected = {
      done: "completed",
      broken: "failed",
      busy: "active",
      later: "delayed",
      urgent: "prioritized",
      next: "waiting",
    };
    expect(await listed(view)).toEqual(expected);
    expect(await words(view, [...Object.keys(expected), "nobody"])).toEqual({
      ...expected,
      nobody: "absent",
    });
    for (const [id, word] of Object.entries(expected)) expect(await queue.getJobState(id)).toBe(word);
  });

  it("shows results, errors, times, attempts and locks", async () => {
    const queue = await everyState(library);
    const view = openTestView(config(queue.name));
    const done = await jobOf(view, "done");
    expect(done).toMatchObject({ status: "completed", resultJson: '{"n":1}', attempt: 1 });
    const job = (await queue.getJob("done"))!;
    expect(Date.parse(done.finishedAt!)).toBe(job.finishedOn);
    expect(Date.parse(done.startedAt!)).toBe(job.processedOn);
    expect(Date.parse(done.createdAt!)).toBe(job.timestamp);
    const broken = await jobOf(view, "broken");
    expect(JSON.parse(broken.errorJson!)).toMatchObject({ message: "exit 137" });
    expect(await jobOf(view, "busy")).toMatchObject({ status: "running", lock: "held", attempt: 1 });
    expect(await jobOf(view, "next")).toMatchObject({ status: "pending", isQueued: true });
  });

  it("is not changed by reading it", async () => {
    const queue = await everyState(library);
    const before = await snapshot(queue.name);
    const view = openTestView(config(queue.name));
    await view.examine();
    await listed(view);
    await view.read(Object.keys(before));
    await view.read(["done", "broken", "busy", "later", "urgent", "next"]);
    expect(await snapshot(queue.name)).toEqual(before);
  });

  it("is read while it is paused, and an undo puts a job back into its list", async () => {
    const queue = openQueue(library);
    await queue.pause();
    await queue.add("ok", {}, { jobId: "held" });
    const view = openTestView(config(queue.name));
    expect(await listed(view)).toEqual({ held: "waiting" });
    const { fingerprint, beforeImage, isQueued } = await jobOf(view, "held");
    expect(isQueued).toBe(true);
    const before = await snapshot(queue.name);
    const removal = {
      action: "remove",
      id: "held",
      fingerprint,
      beforeImage,
      to: { status: "completed" },
    } as const;
    expect(await view.writer!.write(removal)).toMatchObject({ outcome: "written" });
    await view.writer!.restore({ action: "remove", id: "held", fingerprint: null, beforeImage });
    expect(await snapshot(queue.name)).toEqual(before);
  });

  it("allows a job that is done elsewhere to be removed and put back", async () => {
    const queue = await everyState(library);
    const view = openTestView(config(queue.name));
    for (const id of ["next", "later", "urgent"]) {
      const before = await client.dumpBuffer(`bull:${queue.name}:${id}`);
      const seen = await jobOf(view, id);
      const repair = {
        action: "remove",
        id,
        fingerprint: seen.fingerprint,
        beforeImage: seen.beforeImage,
        to: { status: "completed" },
      } as const;
      expect(await view.writer!.write(repair)).toEqual({ outcome: "written", fingerprint: null });
      expect(await queue.getJobState(id)).toBe("unknown");
      expect(await view.writer!.write(repair)).toEqual({ outcome: "changed" });
      const undo = { action: "remove", id, fingerprint: null, beforeImage: seen.beforeImage } as const;
      expect(await view.writer!.restore(undo)).toEqual({ outcome: "written", fingerprint: seen.fingerprint });
      expect(await queue.getJobState(id)).toBe(seen.word);
      expect(await client.dumpBuffer(`bull:${queue.name}:${id}`)).toEqual(before);
      expect(await view.writer!.restore(undo)).toEqual({ outcome: "changed" });
    }
  });
});

describe("a queue of BullMQ", () => {
  it("keeps the marker that wakes a worker of version 4, which BullMQ's own listing removes", async () => {
    const queue = openQueue(six);
    await client.rpush(`bull:${queue.name}:wait`, "a", "0:1700000000000");
    await client.hset(`bull:${queue.name}:a`, { name: "ok", data: "{}", timestamp: "1" });
    const view = openTestView(config(queue.name));
    expect(await listed(view)).toEqual({ a: "waiting" });
    expect(await client.lrange(`bull:${queue.name}:wait`, 0, -1)).toEqual(["a", "0:1700000000000"]);
    await queue.getJobs(["wait"]);
    expect(await client.lrange(`bull:${queue.name}:wait`, 0, -1)).toEqual(["a"]);
  });

  it("reports that no worker will find a job that is in none of its lists", async () => {
    const queue = openQueue(six);
    await queue.add("ok", {}, { jobId: "lost" });
    await client.del(`bull:${queue.name}:wait`);
    const view = openTestView(config(queue.name));
    const lost = await jobOf(view, "lost");
    expect(lost).toMatchObject({ word: "unlisted", status: "pending", isQueued: false });
    expect(lost.evidence.join()).toContain("no worker will find it");
    const adding = openTestView(config(queue.name, { enqueue: { name: "ok" } }));
    const add = {
      action: "enqueue",
      id: "lost",
      fingerprint: lost.fingerprint,
      beforeImage: lost.beforeImage,
      to: { status: "pending" },
    } as const;
    expect(await adding.writer!.write(add)).toMatchObject({ outcome: "refused" });
  });

  it("distinguishes a job without a lock from one that a worker is running", async () => {
    const queue = openQueue(six);
    await queue.add("slow", {}, { jobId: "busy" });
    await startWorker(six, redis, queue.name, { lockRenewTime: 3_600_000 });
    const view = openTestView(config(queue.name));
    await waitFor(async () => (await words(view, ["busy"])).busy === "active", { what: "the job to run" });
    expect((await jobOf(view, "busy")).lock).toBe("held");
    await client.del(`bull:${queue.name}:busy:lock`);
    expect((await jobOf(view, "busy")).lock).toBe("gone");
  });

  it("treats absence as proof only if no job was ever removed", async () => {
    const queue = openQueue(six);
    const view = openTestView(config(queue.name));
    await queue.add("ok", {}, { jobId: "a" });
    await queue.add("ok", {}, { jobId: "b" });
    await view.examine();
    expect(view.traits.absence).toBe("meaningful");
    await queue.remove("a");
    const { notes } = await view.examine();
    expect(view.traits.absence).toBe("silent");
    expect(notes.join()).toContain("2 jobs were added and 1 are there");
  });

  it("skips a key of another type and refuses a key that is not a queue", async () => {
    const queue = openQueue(six);
    await client.set(`bull:${queue.name}:text`, "x");
    const view = openTestView(config(queue.name));
    expect((await view.read(["text"])).get("text")).toMatchObject({ state: "unknown", of: "value" });
    await client.set(`bull:none-${queue.name}:meta`, "x");
    await expect(openTestView(config(`none-${queue.name}`)).examine()).rejects.toMatchObject({
      code: "VIEW_MISMATCH",
    });
  });
});
