import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineJob } from "lockstep/internal/job";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { type Postgres, startPostgres } from "../../../tests/servers/database.js";
import { type Redis, startRedis } from "../../../tests/servers/redis.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { openService, type Service } from "../src/service.js";
import { createClient } from "./client.js";

const definitions = [defineJob({ kind: "noop", input: z.looseObject({}), run: () => null })];
const start = { definitions, port: 0, version: "0.0.0-test" };

const as = (url: string, token: string) => createClient(url, { authorization: `Bearer ${token}` });

let postgres: Postgres;
let redis: Redis;
let dataDir: string;
const log: string[] = [];
const opened: Service[] = [];

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  dataDir = await mkdtemp(join(tmpdir(), "lockstep-test-"));
});
afterAll(async () => {
  await Promise.all([postgres.remove(), redis.remove(), rm(dataDir, { recursive: true, force: true })]);
});
beforeEach(() => postgres.stop());
afterEach(async () => {
  for (const service of opened.splice(0)) await service.close();
});

async function open(options: { redisUrl?: string; startWithoutDatabase?: boolean }): Promise<Service> {
  const service = await openService({
    databaseUrl: postgres.url,
    dataDir,
    leaseSeconds: 30,
    logger: pino({ level: "info" }, { write: (line: string) => void log.push(line) }),
    ...options,
  });
  opened.push(service);
  return service;
}

it("a server starts while the database is away, and brings the schema up to date once it is back", async () => {
  const service = await open({ redisUrl: redis.url, startWithoutDatabase: true });
  const { url } = await service.startServer({ ...start, host: "127.0.0.1" });
  const client = createClient(url);
  expect((await client.get("/health/live")).status).toBe(200);
  const ready = await client.get("/health/ready");
  expect(ready).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });
  expect(await client.post("/api/jobs", { kind: "noop" })).toMatchObject({
    status: 503,
    body: { code: "DATABASE_UNAVAILABLE" },
  });
  const text = log.join("\n");
  expect(text).toContain(`at 127.0.0.1:${postgres.port} is unavailable: nothing listens`);
  expect(text).not.toContain(new URL(postgres.url).password);

  await postgres.start();
  await waitFor(async () => (await client.get("/health/ready")).status === 200, {
    what: "the server to be ready",
  });
  const { body } = await client.post("/api/jobs", { kind: "noop" });
  expect((await client.get(`/api/status/${body.id}`)).body).toMatchObject({ source: "ledger" });
  expect((await client.get("/api/kinds/noop")).body).toMatchObject({ recorded_at: expect.any(String) });
});

it("at a public address it starts too, and lets nobody in without a key", async () => {
  const service = await open({ redisUrl: redis.url, startWithoutDatabase: true });
  const { url } = await service.startServer({ ...start, host: "0.0.0.0" });
  const client = createClient(url.replace("0.0.0.0", "127.0.0.1"));
  expect((await client.get("/health/live")).status).toBe(200);
  expect((await client.get("/api/jobs")).status).toBe(401);
});

it("a server that starts while the database is away lets in who was let in before, for reads", async () => {
  await postgres.start();
  const before = await open({ redisUrl: redis.url });
  const { url: earlier } = await before.startServer({ ...start, host: "127.0.0.1" });
  const keys = await Promise.all(
    ["kept", "revoked"].map((name) => before.keys.create({ name, role: "admin" })),
  );
  const [kept] = keys.map(({ token }) => as(earlier, token));
  await before.keys.revoke(keys[1]!.id);
  const { body: job } = await kept!.post("/api/jobs", { kind: "noop", input: {} });
  await waitFor(async () => (await before.redis?.bulk.get(`result:${job.id}`)) !== null, {
    what: "the copy",
  });
  await before.keys.save();
  await before.close();
  await postgres.stop();

  const service = await open({ redisUrl: redis.url, startWithoutDatabase: true });
  const { url } = await service.startServer({ ...start, host: "127.0.0.1" });
  const [allowed, refused] = keys.map(({ token }) => as(url, token));
  expect(await allowed!.get(`/api/status/${job.id}`)).toMatchObject({
    status: 200,
    body: { status: "pending", source: "cache" },
  });
  expect(await refused!.get(`/api/status/${job.id}`)).toMatchObject({ status: 401 });
  expect(await createClient(url).get(`/api/status/${job.id}`)).toMatchObject({ status: 401 });
  expect(await allowed!.post("/api/jobs", { kind: "noop" })).toMatchObject({ status: 503 });
  const { mode } = await stat(join(dataDir, "keys.json"));
  expect(mode & 0o777).toBe(0o600);
});

it("nothing starts without the database when Redis is not used or does not answer", async () => {
  await expect(open({ startWithoutDatabase: true })).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  await expect(open({ redisUrl: redis.url })).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  await expect(open({ redisUrl: "redis://127.0.0.1:1", startWithoutDatabase: true })).rejects.toMatchObject({
    code: "DATABASE_UNAVAILABLE",
  });
});
