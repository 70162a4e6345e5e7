import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { seed } from "../../examples/doctor/redis-hash-postgres/seed.js";
import { closedPort, runCli } from "../../packages/cli/test/run-cli.js";
import { type FreshDatabase, freshDatabase } from "../servers/database.js";
import { type Redis, startRedis } from "../servers/redis.js";

let redis: Redis;
let database: FreshDatabase;
let cwd: string;
beforeEach(async () => {
  redis = await startRedis();
  database = await freshDatabase();
  cwd = mkdtempSync(join(tmpdir(), "lockstep-init-"));
});
afterEach(async () => {
  await redis.remove();
  await database.drop();
  rmSync(cwd, { recursive: true, force: true });
});

const init = (...more: string[]) =>
  runCli(["doctor", "init", "--redis", redis.url, "--database", database.url, ...more], { cwd });

it("writes a configuration without passwords that a check can use", async () => {
  const nothing = await init("--yes");
  expect(nothing.code).toBe(1);
  expect(nothing.stderr).toContain("nothing was written");
  expect(existsSync(join(cwd, "lockstep.doctor.yaml"))).toBe(false);

  await seed({ redis: redis.url, database: database.url });
  const unasked = await init();
  expect(unasked.code).toBe(64);
  expect(unasked.stderr).toContain("--yes");

  const { code, stdout, stderr } = await init("--yes");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toContain("the table scans");
  expect(stdout).toContain("IN_PROGRESS 6 -> running");
  expect(stderr).toContain("set REDIS_URL");
  const text = readFileSync(join(cwd, "lockstep.doctor.yaml"), "utf8");
  for (const url of [redis.url, database.url]) expect(text).not.toContain(new URL(url).password);

  const again = await init("--yes");
  expect(again.code).toBe(64);
  expect(again.stderr).toContain("--force");
  expect((await init("--yes", "--force")).code).toBe(0);

  const env = { REDIS_URL: redis.url, DATABASE_URL: database.url };
  const check = await runCli(["doctor", "check", "--json"], { cwd, env });
  expect(check.code).toBe(2);
  expect(JSON.parse(check.stdout)).toMatchObject({ drifting: 8, verdict: "drift" });
});

it("accepts database addresses of frameworks and of databases that Lockstep itself does not support", async () => {
  await seed({ redis: redis.url, database: database.url });
  const driver = database.url.replace(/^postgres(ql)?:/, "postgresql+asyncpg:");
  const env = { REDIS_URL: redis.url, DATABASE_URL: driver };
  const made = await runCli(["doctor", "init", "--yes", "--out", "framework.yaml"], { cwd, env });
  expect(made).toMatchObject({ code: 0 });
  expect(made.stderr, "both are set").not.toContain("set REDIS_URL");
  const check = await runCli(["doctor", "check", "--json", "--config", "framework.yaml"], { cwd, env });
  expect(JSON.parse(check.stdout)).toMatchObject({ verdict: "drift" });

  const unset = await runCli(["doctor", "check", "--config", "framework.yaml"], { cwd });
  expect(unset.code).toBe(64);
  expect(unset.stderr).toContain("needs the variable DATABASE_URL");
  expect(unset.stderr).not.toContain("must be a");

  const elsewhere = { ...env, DATABASE_URL: "mysql2://app@127.0.0.1:1/app" };
  const away = await runCli(["doctor", "check", "--config", "framework.yaml"], { cwd, env: elsewhere });
  expect(away.code).toBe(7);
  const empty = mkdtempSync(join(tmpdir(), "lockstep-init-"));
  const none = await runCli(["doctor", "check"], { cwd: empty, env: elsewhere });
  expect(none.code).toBe(64);
  expect(none.stderr).toContain("lockstep doctor init writes one");
  const other = { ...env, DATABASE_URL: "sqlserver://127.0.0.1:1" };
  const without = await runCli(["doctor", "init", "--yes", "--out", "x.yaml"], { cwd: empty, env: other });
  expect(without).toMatchObject({ code: 7, stderr: expect.stringContaining("DATABASE_URL is left out") });
  const given = ["doctor", "init", "--yes", "--out", "x.yaml", "--database", other.DATABASE_URL];
  const refused = await runCli(given, { cwd: empty, env });
  expect(refused.code).toBe(64);
  expect(refused.stderr).toContain("mysql://");
  rmSync(empty, { recursive: true });
});

it("leaves out an unreachable store that only the environment names, and fails for one that was given", async () => {
  await seed({ redis: redis.url, database: database.url });
  const away = `redis://127.0.0.1:${await closedPort()}`;
  const env = { REDIS_URL: away, DATABASE_URL: database.url };
  const leftOut = await runCli(["doctor", "init", "--yes", "--out", "left-out.yaml"], { cwd, env });
  expect(leftOut).toMatchObject({ code: 7, stdout: expect.stringContaining("the table scans") });
  expect(leftOut.stderr).toContain(
    "REDIS_URL is left out: Redis cannot be read: Redis does not answer at its address",
  );
  expect(leftOut.stderr).toContain("nothing was written");
  const given = await runCli(["doctor", "init", "--yes", "--redis", away, "--out", "left-out.yaml"], {
    cwd,
    env,
  });
  expect(given).toMatchObject({
    code: 7,
    stderr: expect.stringContaining("Redis does not answer at its address"),
  });
  expect(given.stderr).not.toContain("left out");
  expect(existsSync(join(cwd, "left-out.yaml"))).toBe(false);
});
