import { createMetrics } from "@lockstep/server/internal/metrics";
import { openDatabase } from "lockstep/internal/database";
import { migrate, openLedger } from "lockstep/internal/ledger";
import {
  connectRedis,
  createCache,
  createProjector,
  type Projector,
  type RedisConnection,
} from "lockstep/internal/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Bench,
  claimOne,
  completed,
  registerWorker,
  settle,
  submitNoop,
} from "../../packages/lockstep/test/ledger/engines.js";
import { startServer, type TestServer } from "../../packages/server/test/start.js";
import { type Postgres, startPostgres } from "../servers/database.js";
import { type Redis, startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";

let postgres: Postgres;
let redisServer: Redis;
let bench: Bench;
let redis: RedisConnection;
let projector: Projector;

beforeAll(async () => {
  [postgres, redisServer] = await Promise.all([startPostgres(), startRedis()]);
  const database = await openDatabase({ url: postgres.url });
  await migrate(database);
  const ledger = openLedger(database);
  bench = { database, ledger, url: postgres.url };
  redis = connectRedis({ url: redisServer.url });
  projector = createProjector({ ledger, redis });
  await projector.start();
});
afterAll(async () => {
  await projector.stop();
  await redis.close();
  await bench.ledger.close();
  await bench.database.close();
  await Promise.all([postgres.remove(), redisServer.remove()]);
});

function start(): Promise<TestServer> {
  const metrics = createMetrics({ ledger: bench.ledger });
  metrics.watchRedis({ redis, projector });
  return startServer(bench, { cache: createCache({ redis }), redis, metrics });
}

/** Waits until the copy of a job has this version. */
async function copied(id: string, version: number): Promise<void> {
  const cache = createCache({ redis });
  await waitFor(
    async () => {
      const answer = await cache.get(id);
      return answer.state === "hit" && answer.job.version >= version;
    },
    { what: `version ${version} of the job in Redis` },
  );
}

const ready = (server: TestServer) => server.get("/health/ready");

async function until(server: TestServer, states: Record<string, string>, status: number) {
  return await waitFor(
    async () => {
      const answer = await ready(server);
      const dependencies = answer.body.dependencies as { name: string; status: string }[];
      const isSo = dependencies.every(({ name, status: is }) => states[name] === is);
      return answer.status === status && isSo ? answer.body : null;
    },
    { what: `${JSON.stringify(states)}` },
  );
}

describe("while PostgreSQL is down", () => {
  it("a status comes from the cache and says so, a job that the cache does not know is unknown, and writes record nothing", async () => {
    const server = await start();
    const reader = await server.as("read");
    const worker = await registerWorker(bench);
    const done = await submitNoop(bench);
    await settle(bench, await claimOne(bench, worker), completed({ answer: 42 }));
    const waiting = await submitNoop(bench);
    await copied(done.id, 3);
    await copied(waiting.id, 1);
    const before = await reader.get(`/api/jobs/${done.id}`);
    expect(before.body).toMatchObject({ source: "ledger", version: 3 });
    await until(server, { database: "up", redis: "up" }, 200);

    await postgres.stop();
    const stoppedAt = Date.now();
    const job = await reader.get(`/api/jobs/${done.id}`);
    expect(job.status).toBe(200);
    expect(job.headers.get("etag")).toBe('"3"');
    const { input: _input, source: _source, as_of: _asOf, ...same } = before.body;
    expect(job.body).toMatchObject({ ...same, source: "cache", output_omitted: false });
    expect(job.body).not.toHaveProperty("input");
    expect(Date.parse(job.body.as_of)).toBeLessThanOrEqual(stoppedAt);
    const status = await reader.get(`/api/status/${done.id}?wait=5&min_version=3`);
    expect(status).toMatchObject({
      status: 200,
      body: { status: "completed", results: { answer: 42 }, source: "cache", as_of: job.body.as_of },
    });
    expect((await reader.get(`/api/status/${waiting.id}?wait=1`)).body).toMatchObject({
      status: "pending",
      version: 1,
      source: "cache",
    });

    const unknown = "01990000-0000-7000-8000-000000000000";
    for (const path of [
      `/api/jobs/${unknown}`,
      `/api/status/${unknown}`,
      `/api/jobs/${done.id}?min_version=4`,
      `/api/status/${waiting.id}?min_version=2`,
    ]) {
      const answer = await reader.get(path);
      expect(answer, path).toMatchObject({ status: 503, body: { code: "STATUS_UNKNOWN" } });
      expect(Number(answer.headers.get("retry-after")), path).toBeGreaterThan(0);
    }
    const writer = reader;
    for (const path of ["/api/jobs", `/api/jobs/${waiting.id}/explain`, "/api/stats"])
      expect(await writer.get(path), path).toMatchObject({
        status: 503,
        body: { code: "DATABASE_UNAVAILABLE" },
      });
    const down = await until(server, { database: "down", redis: "up" }, 503);
    expect(Date.parse(down.dependencies[0].since)).toBeGreaterThanOrEqual(stoppedAt - 1_000);
    const text = String((await reader.get("/metrics")).body);
    expect(text).toContain("lockstep_database_up 0");
    expect(text).toContain("lockstep_redis_up 1");
    expect(text).not.toMatch(/^lockstep_jobs\{/m);

    await postgres.start();
    await until(server, { database: "up", redis: "up" }, 200);
    expect((await reader.get(`/api/jobs/${done.id}`)).body).toMatchObject({ source: "ledger", version: 3 });
    expect(await reader.get(`/api/jobs/${unknown}`)).toMatchObject({ status: 404 });
  });

  it("a submit is refused with Retry-After and is not recorded later, and the next one is accepted", async () => {
    const server = await start();
    const submitter = await server.as("submit");
    expect((await submitter.post("/api/jobs", { kind: "noop", tags: ["before"] })).status).toBe(202);
    await postgres.stop();
    const refused = await submitter.post("/api/jobs", { kind: "noop", tags: ["refused"] });
    expect(refused).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    await postgres.start();
    await until(server, { database: "up", redis: "up" }, 200);
    expect((await submitter.get("/api/jobs?tag=refused")).body.jobs).toEqual([]);
    const taken = await submitter.post("/api/jobs", { kind: "noop" });
    expect(taken.status).toBe(202);
    // The copy continues where it was, without a restart.
    await copied(taken.body.id, 1);
  });

  it("with Redis down as well, a status is unknown and never guessed", async () => {
    const server = await start();
    const reader = await server.as("read");
    const job = await submitNoop(bench);
    await copied(job.id, 1);
    expect((await reader.get(`/api/status/${job.id}`)).status).toBe(200);
    await Promise.all([postgres.stop(), redisServer.stop()]);
    expect(await reader.get(`/api/status/${job.id}`)).toMatchObject({
      status: 503,
      body: { code: "STATUS_UNKNOWN" },
    });
    await until(server, { database: "down", redis: "down" }, 503);
    await Promise.all([postgres.start(), redisServer.start()]);
    await until(server, { database: "up", redis: "up" }, 200);
    expect((await reader.get(`/api/status/${job.id}`)).body).toMatchObject({ source: "ledger", version: 1 });
    // Redis came back empty: the copy is rebuilt.
    await copied(job.id, 1);
  });
});

it("while a database hangs, the cache answers for it", async () => {
  const server = await start();
  const job = await submitNoop(bench);
  await copied(job.id, 1);
  expect((await server.get(`/api/status/${job.id}`)).status).toBe(401);
  const reader = await server.as("read");
  expect((await reader.get(`/api/status/${job.id}`)).body.source).toBe("ledger");
  await bench.database.transaction(async (tx) => {
    await tx.query("lock table lockstep.jobs in access exclusive mode");
    expect((await reader.get(`/api/status/${job.id}`)).body).toMatchObject({ version: 1, source: "cache" });
  });
  expect((await reader.get(`/api/status/${job.id}`)).body.source).toBe("ledger");
});

describe("while Redis is down", () => {
  it("the server is degraded but ready, and jobs are submitted, run and read as usual", async () => {
    const server = await start();
    const up = await until(server, { database: "up", redis: "up" }, 200);
    expect(up.status).toBe("ready");
    await redisServer.stop();
    const degraded = await until(server, { database: "up", redis: "down" }, 200);
    expect(degraded.status).toBe("degraded");
    const { since } = degraded.dependencies[1];
    expect(Date.parse(since)).toBeGreaterThanOrEqual(Date.parse(up.dependencies[1].since));
    const client = await server.as("submit");
    const { body: submitted } = await client.post("/api/jobs", { kind: "noop" });
    expect((await client.get(`/api/status/${submitted.id}`)).body).toMatchObject({
      status: "pending",
      source: "ledger",
    });
    expect(String((await client.get("/metrics")).body)).toContain("lockstep_redis_up 0");
    expect((await ready(server)).body.dependencies[1].since).toBe(since);
    await redisServer.start();
    expect((await until(server, { database: "up", redis: "up" }, 200)).status).toBe("ready");
    await copied(submitted.id, 1);
  });
});
