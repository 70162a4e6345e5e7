import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { configText, openViewStores, parseDoctorConfig, propose, survey } from "@lockstep/doctor";
import { Redis as Client } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { seed as seedBullmq } from "../../examples/doctor/bullmq-prisma/seed.js";
import { seed as seedCelery } from "../../examples/doctor/celery-django/seed.js";
import { seed as seedHash } from "../../examples/doctor/redis-hash-postgres/seed.js";
import { seed as seedKeys } from "../../examples/doctor/result-keys-http/seed.js";
import { seed as seedRq } from "../../examples/doctor/rq-sqlite/seed.js";
import { closedPort } from "../../packages/cli/test/run-cli.js";
import { mariadbEngine, sharedMariadb, sqliteEngine } from "../../packages/doctor/test/views/sql-engines.js";
import { freshDatabase } from "../servers/database.js";
import { type Redis, startRedis } from "../servers/redis.js";

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

async function database(): Promise<string> {
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.drop());
  return fresh.url;
}

interface Urls {
  readonly database?: string;
  readonly http?: string;
}

/** The configuration that `lockstep doctor init --yes` would write. */
async function written({ database: databaseUrl, http }: Urls) {
  const stores = openViewStores();
  onTestFinished(() => stores.close());
  const { found } = await survey({
    stores,
    redisUrl: redis.url,
    databaseUrl: databaseUrl ?? null,
    httpUrl: http ?? null,
  });
  const proposal = propose(found);
  if (proposal === null) return null;
  const { text } = configText(proposal);
  const environment = { REDIS_URL: redis.url, DATABASE_URL: databaseUrl };
  return { text, config: parseDoctorConfig(text, environment) };
}

describe("a search for jobs", () => {
  it("finds a hash of JSON with its lists, and the table that has its jobs", async () => {
    const url = await database();
    await seedHash({ redis: redis.url, database: url });
    const other = new pg.Client(url);
    await other.connect();
    await other.query(`
      create table users (id int primary key, status text); insert into users values (1, 'active'), (2, 'active');
      create table countries (id int primary key, state text); insert into countries values (1, 'Bavaria')`);
    await other.end();
    await client.set("session:17", '{"user":1}');
    const { text, config } = (await written({ database: url }))!;
    expect(config.record).toBe("table");
    expect(config.views.queue).toMatchObject({
      type: "redis-hash",
      key: "scan_jobs:jobs",
      lists: { pending: "scan_jobs:pending", processing: "scan_jobs:processing" },
      statuses: { COMPLETED: "completed", PENDING: "pending", PROCESSING: "running", FAILED: "failed" },
    });
    expect(config.views.table).toMatchObject({
      type: "sql",
      table: "scans",
      columns: {
        id: "id",
        status: "status",
        result: "result",
        error: "error_message",
        created_at: "created_at",
        started_at: "started_at",
        finished_at: "completed_at",
        updated_at: "updated_at",
      },
      // CANCELLED is a word of the enum that no row contains.
      statuses: { COMPLETED: "completed", IN_PROGRESS: "running", CANCELLED: "cancelled" },
    });
    expect(text).toContain("# queue: the Redis hash scan_jobs:jobs, about 38 jobs");
    expect(text).not.toContain(new URL(redis.url).password);
  });

  it("finds a queue of BullMQ and the table that Prisma made", async () => {
    const url = await database();
    await seedBullmq({ redis: redis.url, database: url });
    const { config } = (await written({ database: url }))!;
    expect(config.views.queue).toMatchObject({ type: "bullmq", queue: "scans", prefix: "bull" });
    expect(config.views.table).toMatchObject({
      table: "ScanJob",
      columns: { id: "id", finished_at: "finishedAt" },
    });
  });

  it("finds Celery, and the column with its ids although it is not the primary key", async () => {
    const url = await database();
    await seedCelery({ redis: redis.url, database: url });
    const { config } = (await written({ database: url }))!;
    expect(config.views.queue).toMatchObject({ type: "celery", queues: ["celery"] });
    expect(config.views.table).toMatchObject({
      columns: { id: "task_id", status: "state", result: "output" },
    });
  });

  it("finds RQ and the table in a SQLite file", async () => {
    const engine = await sqliteEngine();
    onTestFinished(() => engine.remove());
    await seedRq({ redis: redis.url, file: engine.file });
    const { config } = (await written({ database: engine.url }))!;
    expect(config.views.queue).toMatchObject({ type: "rq" });
    expect(config.views.table).toMatchObject({
      table: "jobs",
      columns: { id: "job_id", finished_at: "finished_at" },
    });
  });

  it("finds result keys and the words of an endpoint", async () => {
    const { statusUrl, close } = await seedKeys({ redis: redis.url });
    onTestFinished(close);
    const { config } = (await written({ http: statusUrl }))!;
    expect(config.record).toBe("results");
    expect(config.views.results).toMatchObject({
      type: "redis-keys",
      pattern: "result:{id}",
      fields: { result: "results" },
    });
    expect(config.views.page).toMatchObject({ type: "http", statuses: { Completed: "completed" } });
  });

  it("reports the answer of an endpoint that showed no job", async () => {
    const server = createServer((request, response) => {
      const text = request.url?.startsWith("/deep") ? '{"data":{"job":{"state":"done"}}}' : "{}";
      response.writeHead(request.url?.startsWith("/locked") ? 401 : 200).end(text);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const notesOf = async (path: string) => {
      const stores = openViewStores();
      const httpUrl = `http://127.0.0.1:${path === "/away" ? await closedPort() : port}${path}/{id}`;
      const { notes } = await survey({ stores, redisUrl: redis.url, databaseUrl: null, httpUrl });
      await stores.close();
      return notes.join("\n");
    };
    expect(await notesOf("/deep")).toContain("was not asked");
    await client.set("result:job-1", '{"status":"done"}');
    await client.set("result:job-2", '{"status":"done"}');
    expect(await notesOf("/deep")).toContain("no status among their first members");
    expect(await notesOf("/locked")).toContain("none of the sampled ids: it answered 401");
    expect(await notesOf("/away")).toContain("did not answer (connect ECONNREFUSED");
  });

  it("searches the tables that it may read, and reports the others", async () => {
    const fresh = await freshDatabase();
    onTestFinished(() => fresh.drop());
    const role = `reader_${randomUUID().slice(0, 8)}`;
    const owner = new pg.Client({ connectionString: fresh.url });
    await owner.connect();
    await owner.query(`create role ${role} login password 'x'`);
    for (const table of ["mine", "theirs"])
      await owner.query(`create table ${table} (id text primary key, status text)`);
    await owner.query(
      `insert into mine values ('job-1', 'DONE'); grant select on mine to ${role}; grant insert on theirs to ${role}`,
    );
    const url = new URL(fresh.url);
    url.username = role;
    url.password = "x";
    const stores = openViewStores();
    const options = { stores, redisUrl: null, databaseUrl: url.href, httpUrl: null };
    const { found, notes, unread } = await survey(options);
    await stores.close();
    await owner.query(`drop owned by ${role}; drop role ${role}`);
    await owner.end();
    expect(unread).toEqual([]);
    expect(found.map(({ label }) => label)).toEqual(["the table mine"]);
    expect(notes.join("\n")).toContain("the table theirs was not looked at: permission denied");
  });

  it("leaves out a place that it can list but may not read", async () => {
    await client.hset("scan:jobs", "job-1", '{"status":"PENDING"}');
    await client.set("result:job-1", '{"status":"PENDING"}');
    await client.call("acl", "setuser", "halfway", "reset", "on", ">x", "~*", "+@all", "-hmget");
    const url = new URL(redis.url);
    url.username = "halfway";
    url.password = "x";
    const stores = openViewStores();
    const options = { stores, redisUrl: url.href, databaseUrl: null, httpUrl: null };
    const { found, notes } = await survey(options);
    await stores.close();
    await client.call("acl", "deluser", "halfway");
    expect(found.map(({ name }) => name)).toEqual(["results"]);
    expect(notes.join("\n")).toMatch(/scan:jobs.* is left out: .*NOPERM/);
  });

  it("distinguishes words that are equal under a column's collation", async () => {
    const engines = [await sqliteEngine(), await mariadbEngine()];
    onTestFinished(async () => (await sharedMariadb()).remove());
    const collations = ["text collate nocase", "varchar(20) collate utf8mb4_general_ci"];
    for (const [index, engine] of engines.entries()) {
      await engine.run(
        `create table work (id varchar(40) primary key, status ${collations[index]})`,
        "insert into work values ('job-1', 'Done'), ('job-2', 'done'), ('job-3', 'DONE')",
      );
      const stores = openViewStores();
      const options = { stores, redisUrl: null, databaseUrl: engine.url, httpUrl: null };
      const { found } = await survey(options);
      await stores.close();
      const work = found.find(({ label }) => label.endsWith("work"));
      expect(work?.words.map(({ word }) => word).sort()).toEqual(["DONE", "Done", "done"]);
    }
  });

  it("finds keys of jobs whose ids are names", async () => {
    for (const name of ["nightly", "j1", "weekly scan", "a/b", "main"]) {
      await client.set(`scan:result:${name}`, JSON.stringify({ status: "done" }));
      await client.hset("scan:jobs", name, JSON.stringify({ status: "PENDING" }));
    }
    const { config } = (await written({}))!;
    expect(config.views.results).toMatchObject({ type: "redis-keys", pattern: "scan:result:{id}" });
  });

  it("maps words that only the other place has now, after its own words", async () => {
    for (const [id, queue, key] of [
      ["job-1", "DONE", "DONE"],
      ["job-2", "DONE", "RUNNING"],
    ] as const) {
      await client.hset("scan:jobs", id, JSON.stringify({ status: queue }));
      await client.set(`result:${id}`, JSON.stringify({ status: key }));
    }
    const { text } = (await written({}))!;
    expect(text).toMatch(
      /key: scan:jobs\n(?: {4}.*\n)*? {4}statuses:\n {6}DONE: completed\n {6}RUNNING: running\n/,
    );
  });

  it("adds the word that a repair needs to a table in which every job is stuck, marked as not found there", async () => {
    const url = await database();
    const other = new pg.Client(url);
    await other.connect();
    await other.query("create table scans (id text primary key, status text)");
    await other.query("insert into scans values ('job-1', 'IN_PROGRESS')");
    await other.end();
    await client.hset("jobs", "job-1", JSON.stringify({ status: "COMPLETED" }));
    const { text, config } = (await written({ database: url }))!;
    expect(config.views.table).toMatchObject({
      statuses: { IN_PROGRESS: "running", COMPLETED: "completed" },
    });
    expect(text).toContain("#   not found, guessed: COMPLETED");
  });

  it("treats keys of bare results as completed jobs", async () => {
    const url = await database();
    const other = new pg.Client(url);
    await other.connect();
    await other.query("create table dockings (id text primary key, status text, result jsonb)");
    await other.query("insert into dockings values ('job-1', 'Pending')");
    await other.end();
    await client.set("result:job-1", '{"num_poses": 2, "scores": [-5.5, -5.1]}');
    const { config } = (await written({ database: url }))!;
    expect(config.views.results).toMatchObject({ pattern: "result:{id}", without_status: "completed" });
    expect(config.views.table).toMatchObject({ statuses: { Pending: "pending", Completed: "completed" } });
  });

  it("proposes nothing when no two places have the same jobs", async () => {
    await client.hset("jobs:all", randomUUID(), '{"status":"PENDING"}');
    expect(await written({ database: await database() })).toBeNull();
  });

  it("writes a valid file whatever the names of keys and words are", async () => {
    const id = "job-1";
    const evil = "x\nrecord: evil\n# \u001b[31m";
    await client.hset(`${evil}:jobs`, id, JSON.stringify({ status: "PENDING", [evil]: 1 }));
    await client.set(`result:${id}`, JSON.stringify({ status: "done" }));
    await client.set("result:job-2", JSON.stringify({ status: "fai\nled: {}" }));
    const { config, text } = (await written({}))!;
    expect(Object.keys(config.views).sort()).toEqual(["queue", "results"]);
    expect(text).not.toContain("\u001b");
    expect(text.split("\n").filter((line) => line.startsWith("record:"))).toHaveLength(1);
  });
});
