import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openService, type Service } from "@lockstep/server/internal/service";
import { Redis } from "ioredis";
import { defineJob } from "lockstep";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type CliResult, runCli } from "../../packages/cli/test/run-cli.js";
import { type FreshDatabase, freshDatabase } from "../servers/database.js";
import { type Redis as RedisServer, startRedis } from "../servers/redis.js";
import { waitFor } from "../servers/wait-for.js";

const JOBS = 12;
const echo = defineJob({ kind: "echo", input: z.json(), run: async (input) => ({ said: input }) });

let database: FreshDatabase;
let server: RedisServer;
let redis: Redis;
let cwd: string;
let runtime: Service;
let ids: string[];
beforeAll(async () => {
  database = await freshDatabase();
  server = await startRedis();
  redis = new Redis(server.url);
  // The last test stops it.
  redis.on("error", () => undefined);
  cwd = mkdtempSync(join(tmpdir(), "lockstep-own-"));
  runtime = await openService({
    databaseUrl: database.url,
    redisUrl: server.url,
    dataDir: cwd,
    leaseSeconds: 30,
    logger: pino({ level: "silent" }),
  });
  await runtime.startProjector();
  await runtime.startWorker({ definitions: [echo], concurrency: 4, queues: [] });
  const requests = Array.from({ length: JOBS }, (_, n) => ({ kind: "echo", input: { n } }));
  ids = (await runtime.ledger.submitMany(requests)).map(({ job }) => job.id);
  const waiting = await runtime.ledger.submit({ kind: "echo", input: {}, run_at: "2100-01-01T00:00:00Z" });
  ids.push(waiting.job.id);
  await waitFor(async () => (await statuses()).filter((status) => status === "completed").length === JOBS, {
    what: "every job to be shown as completed",
  });
});
afterAll(async () => {
  await runtime.close();
  redis.disconnect();
  await server.remove();
  await database.drop();
  rmSync(cwd, { recursive: true, force: true });
});

/** The syntax for an environment variable in a configuration. */
const variable = (name: string) => "$".concat("{", name, "}");
const keyOf = (id: string | undefined) => `result:${id}`;

async function statuses(): Promise<unknown[]> {
  const texts = await redis.mget(...ids.map(keyOf));
  return texts.map((text) => (text === null ? null : JSON.parse(text).status));
}

/** Without a configuration file: the environment names the stores. */
function doctor(...words: string[]): Promise<CliResult> {
  const env = { DATABASE_URL: database.url, REDIS_URL: server.url, LOCKSTEP_DATA_DIR: cwd };
  return runCli(["doctor", ...words], { cwd, env });
}

/**
 * Changes copies as people do with redis-cli.
 * @returns the resulting bytes of each copy, and its time to live in units of 10 minutes
 */
async function tamper(): Promise<readonly unknown[]> {
  const [changed, deleted, corrupt, older] = ids;
  const text = (await redis.get(keyOf(changed))) ?? "";
  await redis.set(keyOf(changed), text.replace('"status":"completed"', '"status":"pending"'), "KEEPTTL");
  await redis.del(keyOf(deleted));
  await redis.set(keyOf(corrupt), Buffer.from([0x7b, 0xff, 0x00, 0x22]), "EX", 5_000);
  const last = (await redis.get(keyOf(older))) ?? "";
  await redis.set(keyOf(older), last.replace(/"version":\d+/, '"version":1'));
  return await contents();
}

async function contents(): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  for (const id of ids) {
    const bytes = await redis.getBuffer(keyOf(id));
    const seconds = await redis.ttl(keyOf(id));
    seen.push([id, bytes?.toString("hex") ?? null, seconds < 0 ? seconds : Math.round(seconds / 600)]);
  }
  return seen;
}

it("finds copies that were changed by hand, rewrites them from the ledger, and restores the exact bytes on undo", async () => {
  const clean = await doctor("check");
  expect(clean).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("13 jobs compared") });
  const before = await tamper();
  const found = await doctor("check", "--json");
  expect(found.code).toBe(2);
  expect(JSON.parse(found.stdout)).toMatchObject({
    record: "ledger",
    drifting: 4,
    brakes: [],
    patterns: [{ pattern: "stale-surface", jobs: 4 }],
  });
  expect(await contents()).toEqual(before);

  const inText = await doctor("plan", "--data-dir", cwd);
  expect(inText.stdout).toMatch(/lockstep doctor apply [0-9a-f-]{36} --data-dir \S/);
  const planned = await doctor("plan", "--json");
  const { plan, repairs } = JSON.parse(planned.stdout);
  expect({ code: planned.code, repairs }).toEqual({ code: 2, repairs: 4 });
  const applied = await doctor("apply", plan, "--yes", "--json");
  const result = JSON.parse(applied.stdout);
  expect(result).toMatchObject({ written: 4, changed: 0, refused: 0 });
  expect((await statuses()).slice(0, JOBS)).toEqual(Array.from({ length: JOBS }, () => "completed"));
  const rewritten = JSON.parse((await redis.get(keyOf(ids[1]))) ?? "{}");
  expect(rewritten).toMatchObject({ job_id: ids[1], version: 3, results: { said: { n: 1 } } });
  expect(await redis.ttl(keyOf(ids[1]))).toBeGreaterThan(6 * 86_400);
  expect((await doctor("check")).code).toBe(0);

  expect((await doctor("undo", result.run, "--yes")).code).toBe(0);
  expect(await contents()).toEqual(before);
  const { runs, writes } = JSON.parse((await doctor("history", "--json")).stdout);
  expect(runs).toMatchObject([{ kind: "undo" }, { kind: "apply", run: result.run, actor: "cli" }]);
  expect(writes).toHaveLength(8);
  expect(writes.at(-1)).toMatchObject({
    action: "refresh",
    outcome: "written",
    run: result.run,
    actor: "cli",
  });
});

it("accepts the ledger and its copies as views of a configuration, beside other views", async () => {
  const config = {
    record: "ledger",
    quiet_period: "300ms",
    views: {
      ledger: { type: "ledger", url: variable("DATABASE_URL") },
      copies: { type: "projection", url: variable("REDIS_URL"), database: variable("DATABASE_URL") },
      keys: {
        type: "redis-keys",
        url: variable("REDIS_URL"),
        pattern: "result:{id}",
        role: "surface",
        statuses: { pending: "pending", completed: "completed" },
      },
    },
  };
  writeFileSync(join(cwd, "own.json"), JSON.stringify(config));
  const id = ids[5] ?? "";
  await redis.set(keyOf(id), ((await redis.get(keyOf(id))) ?? "").replace("completed", "pending"));
  const { code, stdout } = await doctor("explain", id, "--config", "own.json");
  expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringContaining("stale-surface") });
  expect(stdout).toMatch(/copies +keys +ledger \(record\)/);
  expect(stdout).toMatch(/status +pending +pending +completed/);
});

it("reports what is missing: the ledger's address, Redis, or a ledger in that database", async () => {
  const empty = await freshDatabase();
  try {
    const other = { cwd, env: { DATABASE_URL: empty.url, REDIS_URL: server.url, LOCKSTEP_DATA_DIR: cwd } };
    const none = await runCli(["doctor"], other);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("lockstep migrate") });
    const unnamed = await runCli(["doctor"], { cwd, env: { LOCKSTEP_DATA_DIR: join(cwd, "none") } });
    expect(unnamed).toMatchObject({ code: 64, stderr: expect.stringContaining("DATABASE_URL") });
  } finally {
    await empty.drop();
  }
  await server.stop();
  const away = await doctor("check");
  expect(away).toMatchObject({ code: 7, stdout: expect.stringContaining("Redis does not answer") });
  await server.start();
});
