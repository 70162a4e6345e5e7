import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis as Client } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import * as bullmqPrisma from "../../../../examples/doctor/bullmq-prisma/seed.js";
import * as celeryDjango from "../../../../examples/doctor/celery-django/seed.js";
import * as hashPostgres from "../../../../examples/doctor/redis-hash-postgres/seed.js";
import * as keysHttp from "../../../../examples/doctor/result-keys-http/seed.js";
import * as rqSqlite from "../../../../examples/doctor/rq-sqlite/seed.js";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { type Redis, startRedis } from "../../../../tests/servers/redis.js";
import { Doctor, parseDoctorConfig } from "../../src/index.js";

let redis: Redis;
let client: Client;
let folder: string;
beforeAll(async () => {
  redis = await startRedis();
  client = new Client(redis.url);
  folder = mkdtempSync(join(tmpdir(), "lockstep-examples-"));
});
beforeEach(() => client.flushall());
afterAll(async () => {
  client.disconnect();
  await redis.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the configuration of an example with its environment. */
function openExample(name: string, environment: Record<string, string>): Doctor {
  const text = readFileSync(`examples/doctor/${name}/lockstep.doctor.yaml`, "utf8");
  const config = { ...parseDoctorConfig(text, environment), quiet_period: 200 };
  const doctor = new Doctor({ config, stateDir: join(folder, name) });
  onTestFinished(() => doctor.close());
  return doctor;
}

async function database(): Promise<string> {
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.drop());
  return fresh.url;
}

/** The patterns of a check, as the example's README counts them. */
async function found(doctor: Doctor): Promise<Record<string, number>> {
  const { patterns, verdict, unreadable, unknown_jobs, brakes } = await doctor.check();
  expect({ verdict, unreadable, unknown_jobs, brakes }).toEqual({
    verdict: "drift",
    unreadable: [],
    unknown_jobs: 0,
    brakes: [],
  });
  return Object.fromEntries(patterns.map(({ pattern, jobs }) => [pattern, jobs]));
}

function readmeCounts(name: string): Record<string, number> {
  const text = readFileSync(`examples/doctor/${name}/README.md`, "utf8");
  return Object.fromEntries(
    [...text.matchAll(/(\d+)\s+`([a-z-]+)`/g)].map(([, count, pattern]) => [pattern, Number(count)]),
  );
}

describe("an example of the doctor", () => {
  it.each([
    ["redis-hash-postgres", hashPostgres],
    ["bullmq-prisma", bullmqPrisma],
    ["celery-django", celeryDjango],
  ] as const)("%s finds what its seed planted and its README states", async (name, { seed, PLANTED }) => {
    const url = await database();
    await seed({ redis: redis.url, database: url });
    const doctor = openExample(name, { REDIS_URL: redis.url, DATABASE_URL: url });
    expect(await found(doctor)).toEqual(PLANTED);
    expect(readmeCounts(name)).toEqual(PLANTED);
  });

  it("rq-sqlite finds what its seed planted and its README states", async () => {
    const file = join(folder, "jobs.db");
    await rqSqlite.seed({ redis: redis.url, file });
    expect(await found(openExample("rq-sqlite", { REDIS_URL: redis.url, SQLITE_FILE: file }))).toEqual(
      rqSqlite.PLANTED,
    );
    expect(readmeCounts("rq-sqlite")).toEqual(rqSqlite.PLANTED);
  });

  it("result-keys-http finds the endpoint that answers from its memory", async () => {
    const { statusUrl, close } = await keysHttp.seed({ redis: redis.url });
    onTestFinished(close);
    const doctor = openExample("result-keys-http", { REDIS_URL: redis.url, STATUS_URL: statusUrl });
    expect(await found(doctor)).toEqual(keysHttp.PLANTED);
    expect(readmeCounts("result-keys-http")).toEqual(keysHttp.PLANTED);
  });
});

describe("a check whose views cannot all be read", () => {
  it("is never clean, for an unreachable store, a store that goes away, and an endpoint that is down", async () => {
    const url = await database();
    await hashPostgres.seed({ redis: redis.url, database: url });
    const away = openExample("redis-hash-postgres", { REDIS_URL: "redis://127.0.0.1:1", DATABASE_URL: url });
    expect(await away.check()).toMatchObject({ verdict: "unknown", interrupted: expect.any(String) });
    const noDatabase = openExample("redis-hash-postgres", {
      REDIS_URL: redis.url,
      DATABASE_URL: "postgres://127.0.0.1:1/nowhere",
    });
    expect(await noDatabase.check()).toMatchObject({ verdict: "unknown" });
    const { close } = await keysHttp.seed({ redis: redis.url });
    close();
    const down = openExample("result-keys-http", {
      REDIS_URL: redis.url,
      STATUS_URL: "http://127.0.0.1:1/{id}",
    });
    expect(await down.check()).toMatchObject({ verdict: "unknown" });
  });

  it("skips, counts and lists values that are not JSON", async () => {
    const url = await database();
    await hashPostgres.seed({ redis: redis.url, database: url });
    const [id = ""] = await client.hkeys("scan_jobs:jobs");
    await client.hset("scan_jobs:jobs", id, '{"status":"COMPL');
    const doctor = openExample("redis-hash-postgres", { REDIS_URL: redis.url, DATABASE_URL: url });
    const summary = await doctor.check();
    expect(summary).toMatchObject({ unreadable_jobs: 1, unreadable: [{ view: "queue", id }] });
    expect(summary.verdict).not.toBe("clean");
  });
});
