import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startPostgres } from "../../../tests/servers/database.js";
import { startRedis } from "../../../tests/servers/redis.js";
import { parseDoctorConfig } from "../src/index.js";
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
  it("has all its problems reported at once, without any password", () => {
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

  it("has only its first syntax error reported, not the errors that follow from it", () => {
    let issues: unknown;
    try {
      parseDoctorConfig("record: [a\nviews:\n  b: {\n", {});
    } catch (error) {
      issues = error;
    }
    expect(issues).toMatchObject({ code: "INVALID_CONFIG", issues: [{ detail: expect.any(String) }] });
  });

  it("needs two views, one of them the record", () => {
    expect(() => system.doctor({ record: "nobody" })).toThrow("must be the name of one of the views");
    expect(() => system.doctor({ views: {} })).toThrow("two to 4");
  });
});

describe("a check", () => {
  it("is unknown when a view cannot be reached, and no plan is made then", async () => {
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

  it("works with a read-only Redis user, and refuses to write for a user that cannot check whether the server is a replica", async () => {
    const name = "reader";
    await system.redis.call("acl", "setuser", name, "reset", "on", ">x", "~*", "+@read", "+@connection");
    const url = new URL(system.redisUrl);
    url.username = name;
    url.password = "x";
    const { views } = JSON.parse(system.config());
    const changes = { views: { ...views, queue: { ...views.queue, url: url.href } } };
    const warn = vi.spyOn(console, "warn");
    expect(await system.doctor(changes).check()).toMatchObject({ verdict: "clean", compared: 20 });
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    await system.redis.hset(KEY, idOf(1), '{"status":"IN_PROGRESS"}');
    await system.putRow(idOf(1), { status: "COMPLETED" });
    const plan = system.doctor({ ...changes, record: "queue" }).plan(careful);
    await expect(plan).rejects.toMatchObject({ message: expect.stringContaining("may not call INFO") });
    await system.redis.call("acl", "deluser", name);
  });

  it("refuses a key of another type, a missing table, and a table whose id is not unique", async () => {
    const { views } = JSON.parse(system.config());
    await system.redis.set("a-string", "x");
    await system.db.query(`create table if not exists "NoKey" (id uuid, status text)`);
    const columns = { id: "id", status: "status" };
    const wrong = [
      { views: { ...views, queue: { ...views.queue, lists: { pending: "a-string" } } } },
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

  it("counts, lists and skips values that are not JSON, and is then not clean", async () => {
    await system.redis.hset(KEY, idOf(1), "{not json", idOf(2), "[1]");
    await system.putRow(idOf(1), { status: "COMPLETED" });
    await system.putRow(idOf(2), { status: "COMPLETED" });
    const summary = await system.doctor().check();
    expect(summary).toMatchObject({ verdict: "unknown", unreadable_jobs: 2, drifting: 0 });
    expect(summary.unreadable[0]).toMatchObject({ view: "queue", why: "is not a JSON object" });
  });

  it("treats ids with quotes, newlines and escapes as plain data: as jobs that the table cannot have", async () => {
    const ids = [`'; drop table "ScanJob"; --`, "two\nlines", "\u001b[31mred", "", "a\u0000b"];
    for (const id of ids) await system.putHash(id, { status: "COMPLETED" });
    const found: string[] = [];
    await system.doctor().check({ onFinding: ({ id, pattern }) => void found.push(`${pattern} ${id}`) });
    expect(found.sort()).toEqual(ids.map((id) => `orphan ${id}`).sort());
  });

  it("repairs and restores jobs whose ids contain quotes, newlines, escapes and special characters of patterns and shells", async () => {
    const ids = [
      `'; drop table "Texts"; --`,
      `"double" \\ back`,
      "two\nlines",
      "\u001b[31mred",
      "*?[a]{id}",
      "$(id)",
      " ",
    ];
    await system.db.query(`create table "Texts" (id text primary key, status text not null)`);
    for (const id of ids) {
      await system.db.query(`insert into "Texts" values ($1, 'IN_PROGRESS')`, [id]);
      await system.redis.hset("texts", id, JSON.stringify({ id, status: "COMPLETED" }));
    }
    const { views } = JSON.parse(system.config());
    const table = { ...views.table, table: "Texts", columns: { id: "id", status: "status" } };
    const queue = { ...views.queue, key: "texts", lists: {} };
    const doctor = system.doctor({ views: { queue, table } });
    const words = async () => {
      const { rows } = await system.db.query(`select id, status from "Texts"`);
      return Object.fromEntries(rows.map(({ id, status }) => [id, status]));
    };
    const { plan } = await doctor.plan({ prefer: {}, acceptMapping: true });
    const options = { repairsMax: 100, only: null, ids, perSecond: null };
    const { run, written } = await doctor.apply(plan ?? "", options);
    expect(written).toBe(ids.length);
    expect(await words()).toEqual(Object.fromEntries(ids.map((id) => [id, "COMPLETED"])));
    expect(await doctor.undo(run, { dryRun: false })).toMatchObject({ undone: ids.length, left: [] });
    expect(await words()).toEqual(Object.fromEntries(ids.map((id) => [id, "IN_PROGRESS"])));
  });

  it("is unknown, never clean, when most status words are not mapped", async () => {
    const { views } = JSON.parse(system.config());
    const statuses = { completed: "completed" };
    const queue = { ...views.queue, statuses };
    const { verdict, unmapped_jobs, compared } = await system.doctor({ views: { ...views, queue } }).check();
    expect({ verdict, unmapped_jobs, compared }).toEqual({
      verdict: "unknown",
      unmapped_jobs: 20,
      compared: 0,
    });
    await system.putRow(idOf(1), { status: "PAUSED" });
    await system.putHash(idOf(1), { status: "COMPLETED" });
    expect(await system.doctor().check()).toMatchObject({ verdict: "clean", unmapped_jobs: 1 });
  });

  it("lists ids that are not UTF-8 text, which cannot be looked up again", async () => {
    await system.redis.hset(KEY, Buffer.from([0x61, 0xff]), `{"status":"COMPLETED"}`);
    const { unreadable, settling, verdict } = await system.doctor().check();
    expect({ settling, verdict }).toEqual({ settling: 0, verdict: "unknown" });
    expect(unreadable).toEqual([{ view: "queue", id: "a\ufffd", why: "its id is not UTF-8 text" }]);
  });

  it("does not match an id that a table cannot have with the row that has an empty id", async () => {
    await system.db.query(`create table "Empty" (id text primary key, status text not null)`);
    await system.db.query(`insert into "Empty" values ('', 'IN_PROGRESS')`);
    await system.redis.hset("empty", "nul\u0000", `{"status":"COMPLETED"}`);
    const { views } = JSON.parse(system.config());
    const table = { ...views.table, table: "Empty", columns: { id: "id", status: "status" } };
    const queue = { ...views.queue, key: "empty", lists: {} };
    const { patterns } = await system.doctor({ views: { queue, table } }).check();
    expect(patterns.map(({ pattern, examples }) => `${pattern} ${examples}`).sort()).toEqual([
      "lost-runner ",
      "orphan nul\u0000",
    ]);
  });

  it("finds rows by the largest numbers, and reports an id out of the column's range as a job without a row", async () => {
    await system.db.query(`create table "Small" (id integer primary key, status text not null)`);
    await system.db.query(`create table "Large" (id bigint primary key, status text not null)`);
    await system.db.query(`insert into "Large" values (1798765432109876543, 'IN_PROGRESS')`);
    await system.redis.hset("numbers", "1798765432109876543", `{"status":"COMPLETED"}`);
    const { views } = JSON.parse(system.config());
    const queue = { ...views.queue, key: "numbers", lists: {} };
    const found = async (name: string) => {
      const table = { ...views.table, table: name, columns: { id: "id", status: "status" } };
      const { patterns, interrupted } = await system.doctor({ views: { queue, table } }).check();
      return { patterns: patterns.map(({ pattern }) => pattern), interrupted };
    };
    expect(await found("Large")).toEqual({ patterns: ["stuck-running"], interrupted: null });
    expect(await found("Small")).toEqual({ patterns: ["orphan"], interrupted: null });
  });

  it("counts and skips keys of an unexpected type, and repairs the rest", async () => {
    const keys = {
      type: "redis-keys",
      url: system.redisUrl,
      pattern: "result:{id}",
      statuses: { COMPLETED: "completed" },
    };
    const { views } = JSON.parse(system.config());
    for (const id of [idOf(1), idOf(2), idOf(3)]) await system.putRow(id, { status: "IN_PROGRESS" });
    await system.redis.set(`result:${idOf(1)}`, `{"status":"COMPLETED"}`);
    await system.redis.lpush(`result:${idOf(2)}`, "a list");
    await system.redis.set(`result:${idOf(3)}`, "not JSON");
    const doctor = system.doctor({ views: { keys, table: views.table } });
    const { plan, check } = await doctor.plan(careful);
    expect(check).toMatchObject({ drifting: 1, unreadable_jobs: 2, verdict: "drift" });
    expect(check.unreadable.map(({ id }) => id).sort()).toEqual([idOf(2), idOf(3)]);
    const options = { repairsMax: 100, only: null, ids: null, perSecond: null };
    expect(await doctor.apply(plan ?? "", options)).toMatchObject({ written: 1 });
    expect((await system.row(idOf(2))).status).toBe("IN_PROGRESS");
  });

  it("reads a record on a PostgreSQL standby, and refuses to plan or write there", async () => {
    const server = await startPostgres();
    try {
      const client = new pg.Client(server.url);
      await client.connect();
      await client.query(`create table "ScanJob" (id uuid primary key, status text not null)`);
      await client.query(`insert into "ScanJob" values ($1, 'IN_PROGRESS')`, [idOf(1)]);
      const { rows } = await client.query("show data_directory");
      await client.end();
      await server.stop();
      writeFileSync(join(rows[0].data_directory, "standby.signal"), "");
      chmodSync(join(rows[0].data_directory, "standby.signal"), 0o666);
      await server.start();
      await system.putHash(idOf(1), { status: "COMPLETED" });
      const { views } = JSON.parse(system.config());
      const table = { ...views.table, url: server.url, columns: { id: "id", status: "status" } };
      const doctor = system.doctor({ views: { ...views, table } });
      expect((await doctor.check()).patterns.map(({ pattern }) => pattern)).toContain("stuck-running");
      const refused = { code: "VIEW_MISMATCH", message: expect.stringContaining("replica") };
      await expect(doctor.plan(careful)).rejects.toMatchObject(refused);
    } finally {
      await server.remove();
    }
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
