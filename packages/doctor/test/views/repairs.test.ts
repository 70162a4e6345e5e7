import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { Redis as Client } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { seed as seedBullmq } from "../../../../examples/doctor/bullmq-prisma/seed.js";
import { seed as seedRq } from "../../../../examples/doctor/rq-sqlite/seed.js";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { type Redis, startRedis } from "../../../../tests/servers/redis.js";
import { Doctor, type PlanResult, parseDoctorConfig } from "../../src/index.js";
import { mariadbEngine, STATUSES, sharedMariadb } from "./sql-engines.js";

let redis: Redis;
let client: Client;
let folder: string;
beforeAll(async () => {
  redis = await startRedis();
  client = new Client(redis.url);
  folder = mkdtempSync(join(tmpdir(), "lockstep-repairs-"));
});
beforeEach(() => client.flushall());
afterAll(async () => {
  client.disconnect();
  await redis.remove();
  await (await sharedMariadb()).remove();
  rmSync(folder, { recursive: true, force: true });
});

const careful = { prefer: {}, acceptMapping: false };
const all = { repairsMax: 1_000, only: null, ids: null, perSecond: null };

function openDoctor(text: string, environment: Record<string, string>): Doctor {
  const config = { ...parseDoctorConfig(text, environment), quiet_period: 200 };
  const doctor = new Doctor({ config, stateDir: mkdtempSync(join(folder, "state-")) });
  onTestFinished(() => doctor.close());
  return doctor;
}

const example = (name: string) => readFileSync(`examples/doctor/${name}/lockstep.doctor.yaml`, "utf8");

function planOf({ plan }: PlanResult): string {
  if (plan === null) throw new Error("nothing was planned");
  return plan;
}

it("a BullMQ queue and its table agree after an apply, and are as before after its undo", async () => {
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.drop());
  await seedBullmq({ redis: redis.url, database: fresh.url });
  const database = new pg.Client(fresh.url);
  await database.connect();
  onTestFinished(() => database.end());
  /** Without the counter of all added jobs and the event log, which BullMQ only appends to. */
  const everything = async () => {
    const { rows } = await database.query(`select t::text from "ScanJob" t order by id`);
    const keys = (await client.keys("*")).filter((key) => !/:(id|events|stalled-check)$/.test(key)).sort();
    const values = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
    return { rows, keys: keys.map((key, index) => [key, values[index]?.toString("hex")]) };
  };
  const before = await everything();
  const doctor = openDoctor(example("bullmq-prisma"), { REDIS_URL: redis.url, DATABASE_URL: fresh.url });
  const plan = await doctor.plan(careful);
  expect(plan).toMatchObject({ repairs: 7, skipped: 0 });
  const { run, written } = await doctor.apply(planOf(plan), all);
  expect(written).toBe(7);
  expect((await doctor.check()).verdict).toBe("clean");
  const { rows } = await database.query(
    `select "result"::text, "errorMessage", "finishedAt" from "ScanJob" where "id" in ($1, $2)`,
    ["clx0000000000000000000020", "clx0000000000000000000022"],
  );
  expect(rows).toMatchObject([
    { result: '{"findings": 3}', finishedAt: expect.any(Date) },
    { errorMessage: expect.stringContaining("exit 137"), finishedAt: expect.any(Date) },
  ]);

  expect(await doctor.undo(run, { dryRun: false })).toMatchObject({ undone: 7 });
  expect(await everything()).toEqual(before);
});

it("a SQLite file beside RQ is repaired and restored, and jobs that need a decision are left alone", async () => {
  const file = join(folder, "jobs.db");
  await seedRq({ redis: redis.url, file });
  const rows = () => {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      return database.prepare("select * from jobs order by job_id").all();
    } finally {
      database.close();
    }
  };
  const before = rows();
  const doctor = openDoctor(example("rq-sqlite"), { REDIS_URL: redis.url, SQLITE_FILE: file });
  const plan = await doctor.plan(careful);
  expect(plan).toMatchObject({ repairs: 3, skipped: 4 });
  const { run } = await doctor.apply(planOf(plan), all);
  const { patterns } = await doctor.check();
  expect(patterns.map(({ pattern }) => pattern).sort()).toEqual(["contradiction", "lost-enqueue", "stalled"]);
  expect(await doctor.undo(run, { dryRun: false })).toMatchObject({ undone: 3 });
  expect(rows()).toEqual(before);
});

it("a table in MariaDB is repaired and restored, including its automatic column", async () => {
  const engine = await mariadbEngine();
  for (let number = 0; number < 20; number++) {
    const id = `job-${number}`;
    await engine.insert(id, number < 3 ? "IN_PROGRESS" : "COMPLETED");
    const job = { status: "COMPLETED", updated_at: "2026-01-01T10:00:00Z" };
    await client.hset("jobs", id, JSON.stringify(number < 3 ? { ...job, result: { n: 1 } } : job));
  }
  const before = await engine.run("select * from ScanJob order by id");
  const views = {
    queue: { type: "redis-hash", url: redis.url, key: "jobs", statuses: STATUSES },
    table: engine.config(),
  };
  const doctor = openDoctor(stringify({ record: "table", views }), {});
  const { run, written } = await doctor.apply(planOf(await doctor.plan(careful)), all);
  expect(written).toBe(3);
  expect((await doctor.check()).verdict).toBe("clean");
  expect(
    await engine.run(
      "select count(*) as n from ScanJob where result like '%\"n\"%' and finishedAt is not null",
    ),
  ).toEqual([{ n: 3 }]);
  expect(await doctor.undo(run, { dryRun: false })).toMatchObject({ undone: 3 });
  expect(await engine.run("select * from ScanJob order by id")).toEqual(before);
});

it("a record on a replica is checked and never repaired", async () => {
  const engine = await mariadbEngine();
  for (let number = 0; number < 8; number++) {
    await engine.insert(`job-${number}`, number === 0 ? "IN_PROGRESS" : "COMPLETED");
    await client.hset("jobs", `job-${number}`, '{"status":"COMPLETED"}');
  }
  const views = {
    queue: { type: "redis-hash", url: redis.url, key: "jobs", statuses: STATUSES },
    table: engine.config(),
  };
  await engine.run("set global read_only = 1");
  onTestFinished(async () => void (await engine.run("set global read_only = 0")));
  const doctor = openDoctor(stringify({ record: "table", views }), {});
  expect((await doctor.check()).patterns).toMatchObject([{ pattern: "stuck-running", jobs: 1 }]);
  await expect(doctor.plan(careful)).rejects.toMatchObject({ message: expect.stringContaining("primary") });
});
