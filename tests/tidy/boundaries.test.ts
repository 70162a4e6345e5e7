import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { cruise, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import { afterAll, beforeAll, expect, it } from "vitest";

/**
 * A project in which every boundary is crossed once: the file, what it imports, and the start of
 * the name of the rule that must report it. An import that no rule reports is a gap; a rule that no
 * import breaks may check nothing.
 */
const CROSSINGS: readonly (readonly [file: string, imports: string, rule: string])[] = [
  ["packages/lockstep/src/errors.ts", "./job/index.js", "errors imports"],
  ["packages/lockstep/src/crash-point.ts", "./job/index.js", "crash-point imports"],
  ["packages/lockstep/src/schema-name.ts", "./errors.js", "schema-name imports"],
  ["packages/lockstep/src/timing/loop.ts", "../job/index.js", "timing imports"],
  ["packages/lockstep/src/job/status.ts", "../ledger/index.js", "job imports"],
  ["packages/lockstep/src/job/clock.ts", "fs", "job does no I/O"],
  ["packages/lockstep/src/file-lock/lock.ts", "../job/index.js", "file-lock imports"],
  ["packages/lockstep/src/database/pool.ts", "../ledger/index.js", "database imports"],
  ["packages/lockstep/src/ledger/turn.ts", "../worker/index.js", "ledger imports"],
  ["packages/lockstep/src/ledger/deep.ts", "../job/inner.js", "ledger imports"],
  ["packages/lockstep/src/ledger/driver.ts", "pg", "pg is imported"],
  ["packages/lockstep/src/worker/engine.ts", "@lockstep/embedded", "@lockstep/embedded is imported"],
  ["packages/lockstep/src/keys/keys.ts", "../ledger/index.js", "keys imports"],
  ["packages/lockstep/src/artifacts/store.ts", "../ledger/index.js", "artifacts imports"],
  ["packages/lockstep/src/process-faults/own.ts", "../worker/index.js", "process-faults imports"],
  ["packages/lockstep/src/worker/turn.ts", "../database/index.js", "worker imports"],
  [
    "packages/lockstep/src/worker/heartbeat-thread.ts",
    "../database/inner.js",
    "exception: packages/lockstep/src/worker/heartbeat-thread",
  ],
  ["packages/lockstep/src/worker/copies.ts", "ioredis", "ioredis is imported"],
  ["packages/lockstep/src/worker/http.ts", "fastify", "no undeclared dependency"],
  ["packages/lockstep/src/worker/times.ts", "croner", "croner is imported"],
  ["packages/lockstep/src/worker/buckets.ts", "aws4fetch", "aws4fetch is imported"],
  ["packages/lockstep/src/programs/run.ts", "../job/index.js", "programs imports"],
  ["packages/lockstep/src/nearest-name.ts", "./errors.js", "nearest-name imports"],
  ["packages/lockstep/src/settings.ts", "./ledger/index.js", "settings imports"],
  ["packages/lockstep/src/file-stores.ts", "./ledger/index.js", "file-stores imports"],
  ["packages/lockstep/src/database-away.ts", "./worker/index.js", "database-away imports"],
  ["packages/lockstep/src/open-stores.ts", "./worker/index.js", "open-stores imports"],
  ["packages/lockstep/src/batches/plan.ts", "../worker/index.js", "batches imports"],
  ["packages/lockstep/src/workload/form.ts", "../ledger/index.js", "workload imports"],
  ["packages/lockstep/src/archive/batch.ts", "../redis/index.js", "archive imports"],
  ["packages/lockstep/src/schedules/plan.ts", "../database/index.js", "schedules imports"],
  ["packages/lockstep/src/redis/rebuild.ts", "../worker/index.js", "redis imports"],
  ["packages/lockstep/src/runtime.ts", "./client/index.js", "runtime imports"],
  ["packages/lockstep/src/internals.ts", "./worker/index.js", "internals imports"],
  ["packages/lockstep/src/client/program.ts", "../worker/index.js", "client imports"],
  ["packages/lockstep/src/index.ts", "./worker/index.js", "index imports"],
  ["packages/lockstep/src/attic/box.ts", "../job/index.js", "every module has a row"],
  ["packages/lockstep/src/job/a.ts", "./b.js", "no cycles"],
  ["packages/lockstep/src/job/b.ts", "./a.js", "no cycles"],
  ["packages/lockstep/src/job/tested.ts", "./status.test.js", "no import of tests"],
  ["packages/lockstep/src/job/lost.ts", "./nowhere.js", "no unresolvable import"],
  ["packages/lockstep/src/job/runner.ts", "vitest", "no undeclared dependency"],
  ["packages/embedded/src/files.ts", "lockstep/internal/job", "@lockstep/embedded imports"],
  ["packages/doctor/src/check.ts", "lockstep/internal/ledger", "@lockstep/doctor imports"],
  ["packages/server/src/metrics/spool.ts", "../app.js", "metrics imports"],
  ["packages/server/src/counts.ts", "prom-client", "prom-client is imported"],
  ["packages/server/src/run.ts", "lockstep/internal/archive", "@lockstep/server imports"],
  ["packages/server/src/deep.ts", "../../lockstep/src/ledger/inner.js", "@lockstep/server imports"],
  ["packages/server/src/flags.ts", "commander", "no undeclared dependency"],
  ["packages/server/src/molecule.ts", "@lockstep/docking", "@lockstep/server imports"],
  ["packages/bullmq/src/bridge.ts", "lockstep/internal/redis", "@lockstep/bullmq imports"],
  ["packages/scan/src/scan.ts", "lockstep/internal/ledger", "@lockstep/scan imports"],
  ["packages/docking/src/dock.ts", "@lockstep/server", "@lockstep/docking imports"],
  ["packages/cli/src/main.ts", "lockstep/internal/worker", "@lockstep/cli imports"],
];

/** Imports that must stay allowed: a boundary without any entry would soon be removed. */
const ENTRIES: readonly (readonly [file: string, imports: string])[] = [
  ["packages/lockstep/src/database/engines.ts", "pg"],
  ["packages/lockstep/src/database/embedded.ts", "@lockstep/embedded"],
  ["packages/lockstep/src/worker/heartbeat-thread.ts", "../database/index.js"],
  ["packages/lockstep/src/database/waits.ts", "../timing/index.js"],
  ["packages/lockstep/src/worker/turns.ts", "../ledger/index.js"],
  ["packages/lockstep/src/job/status.test.ts", "../ledger/inner.js"],
  ["packages/server/src/routes.ts", "fastify"],
  ["packages/server/src/reads.ts", "lockstep/internal/ledger"],
  ["packages/cli/src/workloads.ts", "@lockstep/scan"],
];

const FOLDERS = [
  ..."timing job file-lock database ledger keys artifacts batches worker schedules redis programs client archive workload"
    .split(" ")
    .map((name) => `lockstep/src/${name}`),
  ..."doctor server bullmq scan docking cli embedded".split(" ").map((name) => `${name}/src`),
];
const { forbidden: rules } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as {
  forbidden: IForbiddenRuleType[];
};
const copy = mkdtempSync(join(tmpdir(), "lockstep-boundaries-"));
const project = resolve(".");
let seen: { file: string; imports: string; rule: string }[];

beforeAll(async () => {
  for (const folder of FOLDERS)
    for (const file of ["index", "inner"]) write(`packages/${folder}/${file}.ts`, []);
  write("packages/server/src/app.ts", []);
  const byFile = new Map<string, string[]>();
  for (const [file, imports] of [...CROSSINGS, ...ENTRIES])
    byFile.set(file, [...(byFile.get(file) ?? []), imports]);
  for (const [file, imports] of byFile) write(file, imports);
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
  for (const folder of [
    "",
    ...FOLDERS.filter((one) => one.split("/").length === 2).map((one) => `packages/${dirname(one)}`),
    "packages/lockstep",
  ])
    copyFileSync(join(project, folder, "package.json"), join(copy, folder, "package.json"));
  seen = await violations();
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function write(file: string, imports: readonly string[]): void {
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  writeFileSync(join(copy, file), `${imports.map((name) => `import "${name}";\n`).join("")}export {};\n`);
}

async function violations(): Promise<typeof seen> {
  process.chdir(copy);
  const options = { tsPreCompilationDeps: true, doNotFollow: { path: ["node_modules"] } };
  const resolving = { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] };
  const { output } = await cruise(
    ["packages"],
    { ...options, validate: true, ruleSet: { forbidden: rules } },
    resolving,
  );
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

it.each(CROSSINGS)("%s may not import %s", (file, imports, rule) => {
  const found = seen.filter((violation) => violation.file === file && violation.imports === imports);
  expect(found.map((violation) => violation.rule.slice(0, rule.length))).toContain(rule);
});

it.each(ENTRIES)("%s may import %s", (file, imports) => {
  expect(seen.filter((violation) => violation.file === file && violation.imports === imports)).toEqual([]);
});

it("every boundary is crossed above, so each is known to be enforced", () => {
  const broken = new Set(seen.map((violation) => violation.rule));
  expect(rules.map((rule) => rule.name).filter((name) => !broken.has(name ?? ""))).toEqual([]);
});

it("docs/architecture.svg shows the actual imports", () => {
  execFileSync(process.execPath, ["scripts/draw-architecture.mjs", "--check"], { stdio: "pipe" });
});
