import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseDoctorConfig } from "../../src/doctor/index.js";
import { startRedis } from "../servers/redis.js";
import { idOf, KEY, putHealthy, type System, startSystem } from "./system.js";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());
beforeEach(async () => {
  await system.empty();
  await putHealthy(system, 20);
});

const careful = { prefer: {}, acceptMapping: false };

describe("a configuration", () => {
  it("has all its faults reported at once, and never a password", () => {
    const text = `record: nobody\nviews:\n  a: { type: redis-hash, url: "http://:secret@x", statuses: { A: wrong } }\n  b: { type: sql, url: "\${NOT_SET}", tabel: x }`;
    let message = "";
    try {
      parseDoctorConfig(text, {});
    } catch (error) {
      message = String(error);
    }
    for (const place of [
      "/views/a/url",
      "/views/a/key",
      "/views/a/statuses/A",
      "NOT_SET",
      "/views/b/table",
      "/views/b/tabel",
    ])
      expect(message).toContain(place);
    expect(message).not.toContain("secret");
  });

  it("needs two views, and a record among them", () => {
    expect(() => system.doctor({ record: "nobody" })).toThrow("must be the name of one of the views");
    expect(() => system.doctor({ views: {} })).toThrow("two to 4");
  });
});

describe("a check", () => {
  it("is unknown when a view cannot be reached, and nothing is planned then", async () => {
    const gone = await startRedis();
    await gone.remove();
    const { views } = JSON.parse(system.config());
    const doctor = system.doctor({ views: { ...views, queue: { ...views.queue, url: gone.url } } });
    const { verdict, interrupted } = await doctor.check();
    expect({ verdict, interrupted }).toMatchObject({
      verdict: "unknown",
      interrupted: expect.stringContaining("queue"),
    });
    await expect(doctor.plan(careful)).rejects.toMatchObject({ code: "VIEW_UNREADABLE" });
  });

  it("refuses a key of another type, a table that is not there, and one whose id is not unique", async () => {
    const { views } = JSON.parse(system.config());
    await system.redis.set("a-string", "x");
    await system.db.query(`create table if not exists "NoKey" (id uuid, status text)`);
    const columns = { id: "id", status: "status" };
    const wrong = [
      { views: { ...views, queue: { ...views.queue, key: "a-string" } } },
      { views: { ...views, table: { ...views.table, table: "Nothing" } } },
      { views: { ...views, table: { ...views.table, table: "NoKey", columns } } },
      {
        views: {
          ...views,
          table: { ...views.table, columns: { ...views.table.columns, result: "no such" } },
        },
      },
    ];
    for (const changes of wrong)
      await expect(system.doctor(changes).check()).rejects.toMatchObject({ code: "VIEW_MISMATCH" });
  });

  it("counts, lists and skips values that are not JSON, and is not clean then", async () => {
    await system.redis.hset(KEY, idOf(1), "{not json", idOf(2), "[1]");
    await system.putRow(idOf(1), { status: "COMPLETED" });
    await system.putRow(idOf(2), { status: "COMPLETED" });
    const summary = await system.doctor().check();
    expect(summary).toMatchObject({ verdict: "unknown", unreadable_jobs: 2, drifting: 0 });
    expect(summary.unreadable[0]).toMatchObject({ view: "queue", why: "is not a JSON object" });
  });

  it("takes ids with quotes, newlines and escapes for what they are: jobs that the table cannot have", async () => {
    const ids = [`'; drop table "ScanJob"; --`, "two\nlines", "\u001b[31mred", "", "a\u0000b"];
    for (const id of ids) await system.putHash(id, { status: "COMPLETED" });
    const found: string[] = [];
    await system.doctor().check({ onFinding: ({ id, pattern }) => void found.push(`${pattern} ${id}`) });
    expect(found.sort()).toEqual(ids.map((id) => `orphan ${id}`).sort());
  });

  it("refuses to plan repairs for a record that is a replica", async () => {
    const replica = await startRedis();
    try {
      const { Redis } = await import("ioredis");
      const client = new Redis(replica.url);
      await client.config("SET", "masterauth", decodeURIComponent(new URL(system.redisUrl).password));
      await client.replicaof("127.0.0.1", Number(new URL(system.redisUrl).port));
      client.disconnect();
      const { views } = JSON.parse(system.config());
      const queue = { ...views.queue, url: replica.url };
      const doctor = system.doctor({ record: "queue", views: { ...views, queue } });
      await expect(doctor.plan(careful)).rejects.toMatchObject({
        code: "VIEW_MISMATCH",
        message: expect.stringContaining("replica"),
      });
    } finally {
      await replica.remove();
    }
  });
});
