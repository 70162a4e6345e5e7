import { afterAll, beforeAll, expect, it } from "vitest";
import { idOf, KEY, PENDING, type System, startSystem } from "./system.js";
import { jobOf, openTestView } from "./views/open-view.js";

/**
 * A job can change after the last read before a write, so the store itself compares in the same
 * step.
 */
let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

const ID = idOf(1);
const statuses = { PENDING: "pending", IN_PROGRESS: "running", COMPLETED: "completed" };
const to = { status: "completed" } as const;

it("a PostgreSQL row that has changed, even in a column that is not read, is not overwritten", async () => {
  await system.putRow(ID, { status: "IN_PROGRESS" });
  const columns = { id: "id", status: "status" };
  const view = openTestView({ type: "sql", url: system.databaseUrl, table: "ScanJob", columns, statuses });
  await view.examine();
  const { fingerprint, beforeImage } = await jobOf(view, ID);
  await system.db.query(`update "ScanJob" set "startedAt" = now() where id = $1`, [ID]);
  const write = { action: "settle", id: ID, to } as const;
  expect(await view.writer?.write({ ...write, fingerprint, beforeImage })).toEqual({ outcome: "changed" });
  expect((await system.row(ID)).status).toBe("IN_PROGRESS");

  const seen = await jobOf(view, ID);
  const written = await view.writer?.write({
    ...write,
    fingerprint: seen.fingerprint,
    beforeImage: seen.beforeImage,
  });
  expect(written).toMatchObject({ outcome: "written" });
  await system.db.query(`update "ScanJob" set error = 'by hand' where id = $1`, [ID]);
  const left = written?.outcome === "written" ? written.fingerprint : null;
  const restoration = { action: "settle", id: ID, fingerprint: left, beforeImage: seen.beforeImage } as const;
  expect(await view.writer?.restore(restoration)).toEqual({ outcome: "changed" });
  expect(await system.row(ID)).toMatchObject({ status: "COMPLETED", error: "by hand" });
});

it("a Redis hash value that has changed is not overwritten, and its lists stay unchanged", async () => {
  const lists = { pending: PENDING };
  const view = openTestView({ type: "redis-hash", url: system.redisUrl, key: KEY, lists, statuses });
  await system.putHash(ID, { status: "PENDING" });
  await system.redis.rpush(PENDING, ID);
  const { fingerprint, beforeImage } = await jobOf(view, ID);
  const other = JSON.stringify({ id: ID, status: "PENDING", worker: 7 });
  await system.redis.hset(KEY, ID, other);
  const same = { id: ID, fingerprint, beforeImage } as const;
  expect(await view.writer?.write({ ...same, action: "remove", to })).toEqual({ outcome: "changed" });
  expect(await view.writer?.restore({ ...same, action: "remove" })).toEqual({ outcome: "changed" });
  expect(await system.redis.hget(KEY, ID)).toBe(other);
  expect(await system.redis.lrange(PENDING, 0, -1)).toEqual([ID]);
});

it("a Redis key that has changed is not overwritten", async () => {
  const view = openTestView({ type: "redis-keys", url: system.redisUrl, pattern: "result:{id}", statuses });
  await system.redis.set(`result:${ID}`, '{"status":"IN_PROGRESS"}');
  const { fingerprint, beforeImage } = await jobOf(view, ID);
  await system.redis.set(`result:${ID}`, '{"status":"IN_PROGRESS","by":2}');
  const same = { action: "settle", id: ID, fingerprint, beforeImage } as const;
  expect(await view.writer?.write({ ...same, to })).toEqual({ outcome: "changed" });
  expect(await view.writer?.restore(same)).toEqual({ outcome: "changed" });
  expect(await system.redis.get(`result:${ID}`)).toBe('{"status":"IN_PROGRESS","by":2}');
});
