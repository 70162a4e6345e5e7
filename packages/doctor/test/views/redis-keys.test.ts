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

const open = (more: object = {}) =>
  openTestView({
    type: "redis-keys",
    url: redis.url,
    pattern: "result:{id}",
    fields: { result: "results" },
    statuses: { completed: "completed", running: "running" },
    ...more,
  });

const set = (id: string, status: string, more: object = {}) =>
  client.set(`result:${id}`, JSON.stringify({ status, ...more }));

describe("Redis keys by a pattern", () => {
  it("are listed and looked up by name, whatever their ids contain", async () => {
    const ids = ["a", "a:b", "*", "it's", "\u001b[31m", "line\nbreak"];
    for (const id of ids) await set(id, "running");
    await client.set("other:a", "x");
    const expected = Object.fromEntries(ids.map((id) => [id, "running"]));
    expect(await listed(open())).toEqual(expected);
    expect(await words(open(), [...ids, "nobody"])).toEqual({ ...expected, nobody: "absent" });
  });

  it("are counted and skipped when they are not JSON or have another type", async () => {
    await client.set("result:text", "done");
    await client.set("result:list", "[]");
    await client.set("result:half", '{"status":"comp');
    await client.lpush("result:queue", "x");
    await client.set("result:bytes", Buffer.from([0x7b, 0xff, 0x7d]));
    await set("fine", "running");
    expect(await listed(open())).toEqual({
      text: "unknown",
      list: "unknown",
      half: "unknown",
      queue: "unknown",
      bytes: "unknown",
      fine: "running",
    });
    expect((await open().read(["queue"])).get("queue")).toMatchObject({
      of: "value",
      why: expect.stringContaining("type"),
    });
  });

  it("have the configured status when a value has no status, and the value is the result", async () => {
    await client.set("result:bare", '{"scores": [-7.10]}');
    await set("told", "running");
    await client.set("result:text", "done");
    expect(await listed(open())).toEqual({ bare: "unknown", told: "running", text: "unknown" });
    const view = open({ without_status: "completed" });
    expect(await listed(view)).toEqual({ bare: "(no status)", told: "running", text: "unknown" });
    expect(await jobOf(view, "bare")).toMatchObject({
      status: "completed",
      resultJson: '{"scores": [-7.10]}',
      finishedAt: null,
    });
    await client.set("result:broken", '{"error": "no pose"}');
    expect(await jobOf(view, "broken")).toMatchObject({ word: "(no status)", status: null });
    expect(view.writer).toBeNull();
    expect((await view.examine()).writeObstacle).toContain("only read");
  });

  it("prove nothing when missing if keys expire, and prove absence if they do not", async () => {
    await set("a", "running");
    const view = open();
    await view.examine();
    expect(view.traits.absence).toBe("meaningful");
    await client.expire("result:a", 3_600);
    await view.examine();
    expect(view.traits.absence).toBe("silent");
    expect((await jobOf(view, "a")).evidence).toContain("expires in 60 min");
    const told = open({ expires: false });
    await told.examine();
    expect(told.traits.absence).toBe("meaningful");
  });

  it("are settled if unchanged, keep their time to live, and are restored byte by byte", async () => {
    const before = '{ "status": "running",  "n": 1.0 }';
    await client.set("result:a", before, "EX", 3_600);
    const view = open();
    const seen = await jobOf(view, "a");
    const to = { status: "completed", result_json: '{"n": 2}' } as const;
    const repair = {
      action: "settle",
      id: "a",
      fingerprint: seen.fingerprint,
      beforeImage: seen.beforeImage,
      to,
    } as const;
    const written = await view.writer!.write(repair);
    expect(await client.get("result:a")).toBe('{ "status": "completed",  "n": 1.0, "results": {"n": 2} }');
    expect(await client.ttl("result:a")).toBeGreaterThan(3_500);
    expect(await view.writer!.write(repair)).toEqual({ outcome: "changed" });
    const fingerprint = written.outcome === "written" ? written.fingerprint : null;
    expect(
      await view.writer!.restore({ action: "settle", id: "a", fingerprint, beforeImage: seen.beforeImage }),
    ).toMatchObject({
      outcome: "written",
      fingerprint: seen.fingerprint,
    });
    expect(await client.get("result:a")).toBe(before);
    await client.del("result:a");
    expect(await view.writer!.write(repair)).toEqual({ outcome: "changed" });
    expect(await client.exists("result:a")).toBe(0);
  });

  it("can be hashes, which are only read", async () => {
    await client.hset("result:a", { status: "completed", results: "7", finished_at: "1767225600000" });
    const view = open({ kind: "hash" });
    expect(await jobOf(view, "a")).toMatchObject({
      status: "completed",
      finishedAt: "2026-01-01T00:00:00.000Z",
    });
    expect(view.writer).toBeNull();
  });
});
