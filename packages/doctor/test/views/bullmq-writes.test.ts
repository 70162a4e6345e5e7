import { randomUUID } from "node:crypto";
import * as six from "bullmq";
import { Redis as Client } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Redis, startRedis } from "../../../../tests/servers/redis.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { connectionTo, startWorker } from "./bullmq-versions.js";
import { jobOf, openTestView, words } from "./open-view.js";

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

function openQueue() {
  const queue = new six.Queue(`q-${randomUUID()}`, { connection: connectionTo(redis) });
  onTestFinished(() => queue.close());
  return queue;
}

const config = (queue: string, more: object = {}) => ({ type: "bullmq", url: redis.url, queue, ...more });

describe("the doctor's writes to a queue of BullMQ", () => {
  it("does not remove a job that a worker has taken meanwhile or that belongs to a flow", async () => {
    const queue = openQueue();
    await queue.add("slow", {}, { jobId: "raced" });
    const view = openTestView(config(queue.name));
    const seen = await jobOf(view, "raced");
    await startWorker(six, redis, queue.name);
    await waitFor(async () => (await words(view, ["raced"])).raced === "active", { what: "the job to run" });
    const removal = {
      action: "remove",
      id: "raced",
      fingerprint: seen.fingerprint,
      beforeImage: seen.beforeImage,
      to: { status: "completed" },
    } as const;
    expect(await view.writer!.write(removal)).toEqual({ outcome: "changed" });
    expect((await words(view, ["raced"])).raced).toBe("active");

    const other = openQueue();
    const flow = new six.FlowProducer({ connection: connectionTo(redis) });
    onTestFinished(() => flow.close());
    await flow.add({
      name: "parent",
      queueName: other.name,
      opts: { jobId: "parent" },
      children: [{ name: "child", queueName: other.name, opts: { jobId: "child" } }],
    });
    const flows = openTestView(config(other.name));
    const child = await jobOf(flows, "child");
    const refused = {
      action: "remove",
      id: "child",
      fingerprint: child.fingerprint,
      beforeImage: child.beforeImage,
      to: { status: "completed" },
    } as const;
    expect(await flows.writer!.write(refused)).toMatchObject({ outcome: "refused" });
    expect(await other.getJobState("child")).toBe("waiting");
  });

  it.each([
    ["its data has changed", (key: string) => client.hset(key, "data", '{"n":2}')],
    ["a worker holds its lock", (key: string) => client.set(`${key}:lock`, "token")],
    ["it has a new field", (key: string) => client.hset(key, "stc", "1")],
    ["it is gone", (key: string) => client.del(key)],
  ])("does not remove a job when %s", async (_what, change) => {
    const queue = openQueue();
    await queue.add("ok", { n: 1 }, { jobId: "a" });
    const view = openTestView(config(queue.name));
    const { fingerprint, beforeImage } = await jobOf(view, "a");
    await change(`bull:${queue.name}:a`);
    const removal = {
      action: "remove",
      id: "a",
      fingerprint,
      beforeImage,
      to: { status: "completed" },
    } as const;
    expect(await view.writer!.write(removal)).toEqual({ outcome: "changed" });
    expect(await client.lrange(`bull:${queue.name}:wait`, 0, -1)).toEqual(["a"]);
  });

  it("does not remove a job that is no longer in any list", async () => {
    const queue = openQueue();
    await queue.add("ok", { n: 1 }, { jobId: "a" });
    const view = openTestView(config(queue.name));
    const { fingerprint, beforeImage } = await jobOf(view, "a");
    await client.lrem(`bull:${queue.name}:wait`, 1, "a");
    const removal = {
      action: "remove",
      id: "a",
      fingerprint,
      beforeImage,
      to: { status: "completed" },
    } as const;
    expect(await view.writer!.write(removal)).toEqual({ outcome: "changed" });
    expect(await client.exists(`bull:${queue.name}:a`)).toBe(1);
  });

  it("does not undo an added job that has changed since", async () => {
    const queue = openQueue();
    const view = openTestView(config(queue.name, { enqueue: { name: "ok" } }));
    const add = { action: "enqueue", id: "lost-1", beforeImage: null } as const;
    const written = await view.writer!.write({ ...add, fingerprint: null, to: { status: "pending" } });
    const fingerprint = written.outcome === "written" ? written.fingerprint : null;
    await client.hset(`bull:${queue.name}:lost-1`, "data", '{"n":2}');
    expect(await view.writer!.restore({ ...add, fingerprint })).toEqual({ outcome: "changed" });
    expect(await queue.getJobState("lost-1")).toBe("waiting");
  });

  it("adds a lost job once, under its id, and removes it on undo", async () => {
    const queue = openQueue();
    const view = openTestView(
      config(queue.name, { enqueue: { name: "ok", data: { scan: { id: "{id}" }, n: 3 } } }),
    );
    const add = {
      action: "enqueue",
      id: "lost-1",
      fingerprint: null,
      beforeImage: null,
      to: { status: "pending" },
    } as const;
    const written = await view.writer!.write(add);
    expect(written).toMatchObject({ outcome: "written", fingerprint: expect.any(String) });
    const job = await queue.getJob("lost-1");
    expect(job).toMatchObject({ name: "ok", data: { scan: { id: "lost-1" }, n: 3 } });
    expect(await queue.getJobState("lost-1")).toBe("waiting");
    expect(await view.writer!.write(add)).toEqual({ outcome: "changed" });
    const fingerprint = written.outcome === "written" ? written.fingerprint : null;
    expect(
      await view.writer!.restore({ action: "enqueue", id: "lost-1", fingerprint, beforeImage: null }),
    ).toEqual({
      outcome: "written",
      fingerprint: null,
    });
    expect(await queue.getJob("lost-1")).toBeUndefined();
  });

  it("refuses to add a job with an id that BullMQ does not accept", async () => {
    const queue = openQueue();
    const view = openTestView(config(queue.name, { enqueue: { name: "ok" } }));
    const add = {
      action: "enqueue",
      id: "123",
      fingerprint: null,
      beforeImage: null,
      to: { status: "pending" },
    } as const;
    expect(await view.writer!.write(add)).toMatchObject({
      outcome: "refused",
      why: expect.stringContaining("integers"),
    });
  });
});
