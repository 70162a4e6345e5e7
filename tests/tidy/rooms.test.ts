import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { cruise, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import { afterAll, beforeAll, expect, it } from "vitest";

/**
 * A house with every wall broken once: the file, what it imports, and the start of the name of the rule that must
 * see it. An import that no rule sees is a hole in the walls; a rule that no import breaks may hold nothing.
 */
const BREACHES: readonly (readonly [file: string, imports: string, rule: string])[] = [
  ["src/errors.ts", "./job/index.js", "errors.ts enters"],
  ["src/crash-point.ts", "./job/index.js", "crash-point.ts enters"],
  ["src/job/status.ts", "../ledger/index.js", "job enters"],
  ["src/job/clock.ts", "fs", "job does no I/O"],
  ["src/file-lock/lock.ts", "../job/index.js", "file-lock enters"],
  ["src/database/pool.ts", "../ledger/index.js", "database enters"],
  ["src/ledger/turn.ts", "../worker/index.js", "ledger enters"],
  ["src/ledger/inner.ts", "../job/inner.js", "ledger enters"],
  ["src/ledger/driver.ts", "pg", "pg lives"],
  ["src/worker/embedded.ts", "@electric-sql/pglite", "@electric-sql/pglite lives"],
  ["src/keys/keys.ts", "../ledger/index.js", "keys enters"],
  ["src/artifacts/store.ts", "../ledger/index.js", "artifacts enters"],
  ["src/worker/turn.ts", "../database/index.js", "worker enters"],
  ["src/worker/heartbeat-thread.ts", "../database/inner.js", "passage: ^src/worker/heartbeat-thread"],
  ["src/worker/copies.ts", "ioredis", "ioredis lives"],
  ["src/worker/http.ts", "fastify", "fastify lives"],
  ["src/worker/headers.ts", "@fastify/helmet", "@fastify/[^/]+ lives"],
  ["src/workloads/scan/scan.ts", "../../ledger/index.js", "workloads enters"],
  ["src/programs/run.ts", "../job/index.js", "programs enters"],
  ["src/server/molecule.ts", "openchemlib", "openchemlib lives"],
  ["src/server/run.ts", "../worker/index.js", "server enters"],
  ["src/server/flags.ts", "commander", "commander lives"],
  ["src/server/lint.ts", "eslint", "eslint lives"],
  ["src/server/secrets.ts", "@secretlint/core", "@secretlint/[^/]+ lives"],
  ["src/nearest-name.ts", "./errors.js", "nearest-name.ts enters"],
  ["src/settings.ts", "./job/index.js", "settings.ts enters"],
  ["src/config.ts", "./ledger/index.js", "config.ts enters"],
  ["src/lockstep.ts", "./cli/index.js", "lockstep.ts enters"],
  ["src/library/program.ts", "../server/index.js", "library enters"],
  ["src/stores.ts", "./ledger/index.js", "stores.ts enters"],
  ["src/server/buckets.ts", "aws4fetch", "aws4fetch lives"],
  ["src/batches/plan.ts", "../server/index.js", "batches enters"],
  ["src/server/tables.ts", "csv-parse", "csv-parse lives"],
  ["src/archive/batch.ts", "../redis/index.js", "archive enters"],
  ["src/schedules/plan.ts", "../database/index.js", "schedules enters"],
  ["src/worker/times.ts", "croner", "croner lives"],
  ["src/redis/rebuild.ts", "../worker/index.js", "redis enters"],
  ["src/bullmq/bridge.ts", "../redis/index.js", "bullmq enters"],
  ["src/metrics/spool.ts", "../worker/index.js", "metrics enters"],
  ["src/server/counts.ts", "prom-client", "prom-client lives"],
  ["src/worker/bridge.ts", "bullmq", "bullmq lives"],
  ["src/doctor/check.ts", "../ledger/index.js", "doctor enters"],
  ["src/own-stores.ts", "./worker/index.js", "own-stores.ts enters"],
  ["src/bullmq-view.ts", "./bullmq/index.js", "bullmq-view.ts enters"],
  ["src/server/tables.ts", "kysely", "kysely lives"],
  ["src/server/rows.ts", "mysql2", "mysql2 lives"],
  ["src/server/files.ts", "yaml", "yaml lives"],
  ["src/index.ts", "./server/index.js", "index.ts enters"],
  ["src/cli/main.ts", "../server/index.js", "cli enters"],
  ["src/attic/box.ts", "../job/index.js", "every room has a row"],
  ["src/job/a.ts", "./b.js", "no cycles"],
  ["src/job/b.ts", "./a.js", "no cycles"],
  ["src/job/tested.ts", "./status.test.js", "no import of tests"],
  ["src/job/lost.ts", "./nowhere.js", "no unresolvable import"],
  ["src/job/runner.ts", "vitest", "no development dependency"],
];

/** What must stay allowed: a wall without its door would be broken down soon. */
const DOORS: readonly (readonly [file: string, imports: string])[] = [
  ["src/database/engines.ts", "pg"],
  ["src/server/app.ts", "fastify"],
  ["src/worker/heartbeat-thread.ts", "../database/index.js"],
  ["src/worker/turns.ts", "../ledger/index.js"],
  ["src/lockstep.ts", "./workloads/scan/index.js"],
  ["src/job/status.test.ts", "../ledger/inner.js"],
];

const ROOMS =
  "job file-lock database ledger keys artifacts batches worker schedules metrics redis bullmq doctor programs workloads/scan server library cli".split(
    " ",
  );
const { forbidden: rules } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as {
  forbidden: IForbiddenRuleType[];
};
const house = mkdtempSync(join(tmpdir(), "lockstep-walls-"));
const project = resolve(".");
let seen: { file: string; imports: string; rule: string }[];

beforeAll(async () => {
  for (const room of ROOMS) for (const file of ["index", "inner"]) write(`src/${room}/${file}.ts`, []);
  const byFile = new Map<string, string[]>();
  for (const [file, imports] of [...BREACHES, ...DOORS])
    byFile.set(file, [...(byFile.get(file) ?? []), imports]);
  for (const [file, imports] of byFile) write(file, imports);
  symlinkSync(join(project, "node_modules"), join(house, "node_modules"));
  writeFileSync(join(house, "package.json"), execFileSync("cat", ["package.json"]));
  seen = await violations();
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

function write(file: string, imports: readonly string[]): void {
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(join(house, file), `${imports.map((name) => `import "${name}";\n`).join("")}export {};\n`);
}

async function violations(): Promise<typeof seen> {
  process.chdir(house);
  const options = { tsPreCompilationDeps: true, doNotFollow: { path: ["node_modules"] } };
  const { output } = await cruise(["src"], { ...options, validate: true, ruleSet: { forbidden: rules } });
  process.chdir(project);
  return (output as ICruiseResult).modules.flatMap((module) =>
    module.dependencies.flatMap((dependency) =>
      (dependency.rules ?? []).map((rule) => ({
        file: module.source,
        imports: dependency.module,
        rule: rule.name,
      })),
    ),
  );
}

it.each(BREACHES)("%s may not import %s", (file, imports, rule) => {
  const found = seen.filter((violation) => violation.file === file && violation.imports === imports);
  expect(found.map((violation) => violation.rule.slice(0, rule.length))).toContain(rule);
});

it.each(DOORS)("%s may import %s", (file, imports) => {
  expect(seen.filter((violation) => violation.file === file && violation.imports === imports)).toEqual([]);
});

it("every wall is broken above, so each is known to hold", () => {
  const broken = new Set(seen.map((violation) => violation.rule));
  expect(rules.map((rule) => rule.name).filter((name) => !broken.has(name ?? ""))).toEqual([]);
});

it("docs/rooms.svg shows the imports that are really there", () => {
  execFileSync(process.execPath, ["scripts/rooms-picture.mjs", "--check"], { stdio: "pipe" });
});
