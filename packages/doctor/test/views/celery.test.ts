import { Redis as Client } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Redis, startRedis } from "../../../../tests/servers/redis.js";
import { jobOf, listed, openTestView, words } from "./open-view.js";

let redis: Redis;
let client: Client;
beforeAll(async () => {
  redis = await startRedis();
  client = new Client(redis.url);
});
beforeEach(() => client.flushall());
afterAll(async () => {
  client.disconnect();
  await redis.remove();
});

const open = (more: object = {}) => openTestView({ type: "celery", url: redis.url, ...more });

/** What Celery 5.2 writes into Redis. */
const result = (status: string, more: object = {}) =>
  JSON.stringify({ status, result: null, traceback: null, children: [], date_done: null, ...more });
const message = (id: string) =>
  JSON.stringify({
    body: "W1tdLCB7fSwge31d",
    "content-encoding": "utf-8",
    "content-type": "application/json",
    headers: { lang: "py", task: "scan", id, root_id: id },
    properties: { correlation_id: id, delivery_tag: `tag-${id}` },
  });

async function seed() {
  await client.set(
    "celery-task-meta-done",
    result("SUCCESS", { result: { n: 1 }, date_done: "2026-11-22T21:55:01.277917" }),
    "EX",
    86_400,
  );
  const exception = { exc_type: "ValueError", exc_message: ["no"], exc_module: "builtins" };
  await client.set(
    "celery-task-meta-broken",
    result("FAILURE", { result: exception, traceback: "Traceback ..." }),
  );
  await client.set("celery-task-meta-busy", result("STARTED", { result: { pid: 7, hostname: "a" } }));
  await client.set("celery-task-meta-again", result("RETRY"));
  await client.set("celery-task-meta-stopped", result("REVOKED"));
  await client.lpush("celery", message("next"));
  await client.lpush("celery\x06\x163", message("less-urgent"));
  await client.hset("unacked", "tag-taken", JSON.stringify([JSON.parse(message("taken")), "", "celery"]));
}

const EVERY = {
  done: "SUCCESS",
  broken: "FAILURE",
  busy: "STARTED",
  again: "RETRY",
  stopped: "REVOKED",
  next: "queued",
  "less-urgent": "queued",
  taken: "reserved",
};

describe("Celery in Redis", () => {
  it("is read from its results, its queues and the tasks its workers hold", async () => {
    await seed();
    const view = open();
    await view.examine();
    expect(await listed(view)).toEqual(EVERY);
    expect(await words(view, [...Object.keys(EVERY), "nobody"])).toEqual({ ...EVERY, nobody: "absent" });
  });

  it("shows results, errors, times and when a result expires", async () => {
    await seed();
    const view = open();
    expect(await jobOf(view, "done")).toMatchObject({
      status: "completed",
      resultJson: '{"n":1}',
      finishedAt: "2026-11-22T21:55:01.277917Z",
      evidence: expect.arrayContaining([expect.stringContaining("expires in 1440 min")]),
    });
    expect(await jobOf(view, "broken")).toMatchObject({
      status: "failed",
      errorJson: '{"type":"ValueError","message":"no","traceback":"Traceback ..."}',
    });
    expect(await jobOf(view, "next")).toMatchObject({ status: "pending", isQueued: true });
    expect(await jobOf(view, "stopped")).toMatchObject({ status: "cancelled" });
  });

  it("counts values that are not JSON or not text as unknown and continues", async () => {
    await seed();
    await client.set("celery-task-meta-pickle", Buffer.from("80049511", "hex"));
    await client.set("celery-task-meta-odd", "[]");
    await client.lpush("celery-task-meta-list", "x");
    await client.lpush("celery", "not a message");
    const view = open();
    expect(await listed(view)).toEqual({ ...EVERY, pickle: "unknown", odd: "unknown", list: "unknown" });
    const answers = await view.read(["pickle", "list"]);
    expect(answers.get("pickle")).toMatchObject({ of: "value", why: expect.stringContaining("not JSON") });
    expect(answers.get("list")).toMatchObject({ of: "value", why: expect.stringContaining("type") });
  });

  it("can have results and queues in two databases, with its own prefix", async () => {
    await client.select(1);
    await client.lpush("scans", message("next"));
    await client.select(0);
    await client.set("app[1]:celery-task-meta-done", result("SUCCESS"));
    await client.set("app1:celery-task-meta-other", result("SUCCESS"));
    const view = open({
      prefix: "app[1]:celery-task-meta-",
      broker_url: `${redis.url}/1`,
      queues: ["scans"],
    });
    expect(await listed(view)).toEqual({ next: "queued", done: "SUCCESS" });
  });

  it("never reports a missing task as lost", () => {
    expect(open().traits).toMatchObject({ absence: "silent", knowsLocks: false });
  });

  it("is unreadable while Redis cannot be reached", async () => {
    const view = openTestView({ type: "celery", url: "redis://127.0.0.1:1" });
    await expect(view.examine()).rejects.toThrow();
    await expect(view.summaries(["a"])).rejects.toThrow();
  });
});
