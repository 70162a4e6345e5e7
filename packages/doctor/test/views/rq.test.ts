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

const open = (more: object = {}) => openTestView({ type: "rq", url: redis.url, ...more });
const seconds = (offset: number) => Math.floor(Date.now() / 1_000) + offset;
const OLD = "2026-01-01T00:00:00.000001Z";

/** A job as RQ 1.13 stores it; `data` is a compressed pickle. */
async function job(id: string, status: string, more: Record<string, string> = {}) {
  await client.hset(`rq:job:${id}`, {
    status,
    created_at: OLD,
    data: Buffer.from("789c6b609d2ac1", "hex"),
    origin: "scans",
    enqueued_at: OLD,
    started_at: "",
    ended_at: "",
    last_heartbeat: "",
    worker_name: "",
    timeout: "180",
    ...more,
  });
}

async function seed() {
  await client.sadd("rq:queues", "rq:queue:scans");
  await job("done", "finished", {
    started_at: OLD,
    ended_at: "2026-01-01T00:00:05.000001Z",
    worker_name: "w1",
  });
  await job("broken", "failed", { ended_at: OLD, exc_info: "x" });
  await job("next", "queued");
  await client.rpush("rq:queue:scans", "next");
  await job("lost", "queued");
  await job("busy", "started", { started_at: OLD });
  await client.zadd("rq:wip:scans", seconds(60), "busy");
  await job("dead", "started", { started_at: OLD, last_heartbeat: OLD });
  await job("later", "scheduled");
  await job("held", "deferred");
  await job("stopped", "stopped");
  await job("cancelled", "canceled");
  await client.sadd("rq:job:done:dependents", "held");
}

const EVERY = {
  done: "finished",
  broken: "failed",
  next: "queued",
  lost: "queued",
  busy: "started",
  dead: "started",
  later: "scheduled",
  held: "deferred",
  stopped: "stopped",
  cancelled: "canceled",
};

describe("RQ in Redis", () => {
  it("is read in every status, and the sets beside its jobs are not read as jobs", async () => {
    await seed();
    const view = open();
    await view.examine();
    expect(await listed(view)).toEqual(EVERY);
    expect(await words(view, [...Object.keys(EVERY), "nobody"])).toEqual({ ...EVERY, nobody: "absent" });
  });

  it("shows times and no result, because results are pickled and never read", async () => {
    await seed();
    const done = await jobOf(open(), "done");
    expect(done).toMatchObject({
      status: "completed",
      createdAt: OLD,
      startedAt: OLD,
      finishedAt: "2026-01-01T00:00:05.000001Z",
    });
    expect(done.resultJson).toBeUndefined();
    expect(JSON.stringify(done)).not.toContain("789c");
  });

  it("shows which worker is alive, and which job no worker will find", async () => {
    await seed();
    const view = open();
    expect(await jobOf(view, "busy")).toMatchObject({ status: "running", lock: "held" });
    expect(await jobOf(view, "dead")).toMatchObject({ status: "running", lock: "gone" });
    expect(await jobOf(view, "next")).toMatchObject({ status: "pending", isQueued: true });
    expect(await jobOf(view, "lost")).toMatchObject({ status: "pending", isQueued: false });
    expect((await jobOf(view, "later")).isQueued).toBeUndefined();
  });

  it("also finds the registry entries of RQ 2, which contain the execution's id", async () => {
    await job("busy", "started", { started_at: OLD });
    await client.zadd("rq:wip:scans", seconds(60), "busy:0d2f4c");
    expect((await jobOf(open(), "busy")).lock).toBe("held");
  });

  it("shows only the jobs of the configured queues", async () => {
    await seed();
    await job("other", "queued", { origin: "mails" });
    expect(Object.keys(await listed(open({ queues: ["mails"] })))).toEqual(["other"]);
    expect(await words(open({ queues: ["mails"] }), ["done", "other"])).toEqual({
      done: "absent",
      other: "queued",
    });
  });

  it("skips and reports keys of another type and hashes without a status", async () => {
    await client.set("rq:job:text", "x");
    await client.hset("rq:job:bare", "origin", "scans");
    await job("\u001b[31m'x", "queued");
    expect(await listed(open())).toEqual({ text: "unknown", bare: "unknown", "\u001b[31m'x": "queued" });
  });

  it("is refused when RQ's own key has another type", async () => {
    await client.set("rq:queues", "x");
    await expect(open().examine()).rejects.toMatchObject({ code: "VIEW_MISMATCH" });
  });

  it("is only read", () => {
    expect(open().writer).toBeNull();
  });
});
