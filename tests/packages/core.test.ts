import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { installedBytes, installedPackages, newProject, type Project } from "./project.js";
import { tarballsFor } from "./published.js";

const BYTES_MAX = 15_000_000;
const PACKAGES_MAX = 30;
const IMPORT_RATIO_MAX = 1.5;
const ROUNDS = 7;

const PROGRAM = `
import { createLockstep, defineJob } from "lockstep";
import { z } from "zod";

const resize = defineJob({
  kind: "resize",
  input: z.object({ url: z.url(), width: z.number() }),
  run: ({ url, width }) => ({ bytes: url.length * width }),
});

export async function main(): Promise<number> {
  const lockstep = await createLockstep({ databaseUrl: "postgres://localhost/app", jobs: [resize] });
  const job = await lockstep.submit(resize, { url: "https://example.org", width: 1 });
  return (await lockstep.wait(job)).output.bytes;
}
`;

let project: Project;
beforeAll(async () => {
  project = await newProject([...tarballsFor("lockstep"), "@types/node@20"]);
});

describe("npm install lockstep", () => {
  it(`installs at most ${BYTES_MAX / 1_000_000} MB in at most ${PACKAGES_MAX} packages`, async () => {
    const ours = installedPackages(project.folder).filter(
      ({ name }) => !/^(@types\/|undici-types)/.test(name),
    );
    const bytes = installedBytes((await newProject(tarballsFor("lockstep"))).folder);
    report(`lockstep installed: ${(bytes / 1e6).toFixed(1)} MB, ${ours.length} packages`);
    expect(bytes).toBeLessThan(BYTES_MAX);
    expect(ours.length).toBeLessThanOrEqual(PACKAGES_MAX);
  });

  it(`takes at most ${IMPORT_RATIO_MAX} times the CPU time and memory of pg and zod to import`, () => {
    const rounds = Array.from({ length: ROUNDS }, () => ({
      own: importCost(project.folder, ["lockstep"]),
      others: importCost(project.folder, ["pg", "zod"]),
    }));
    const ratio = (of: "cpuMs" | "rssBytes") =>
      median(rounds.map(({ own }) => own[of])) / median(rounds.map(({ others }) => others[of]));
    report(
      `import("lockstep") / pg and zod: CPU ${ratio("cpuMs").toFixed(2)}, memory ${ratio("rssBytes").toFixed(2)}`,
    );
    expect(ratio("cpuMs")).toBeLessThan(IMPORT_RATIO_MAX);
    expect(ratio("rssBytes")).toBeLessThan(IMPORT_RATIO_MAX);
  });

  it("names the one command to run where an optional package is missing", async () => {
    project.write(
      "missing.mjs",
      String.raw`import { createLockstep } from "lockstep";
       for (const options of [{}, { databaseUrl: "postgres://127.0.0.1:1/x", redisUrl: "redis://127.0.0.1:1" }])
         await createLockstep({ jobs: [], ...options }).catch(({ code, message }) => process.stdout.write(code + " " + message + "\n"));`,
    );
    const [engine, redis] = (await project.run("missing.mjs")).split("\n");
    expect(engine).toMatch(/^INVALID_CONFIG .*npm install @lockstep\/embedded$/);
    expect(redis).toMatch(/^INVALID_CONFIG .*npm install ioredis$/);
  });
});

describe("a strict program that imports lockstep", () => {
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    target: "es2023",
  };

  it("compiles with NodeNext, with every library checked and without @types/pg", async () => {
    project.write("main.ts", PROGRAM);
    expect(await project.compile({ ...strict, module: "nodenext", types: ["node"] })).toBe("");
  });

  it("compiles with a bundler's resolution", async () => {
    project.write("main.ts", PROGRAM);
    const options = { ...strict, module: "preserve", moduleResolution: "bundler", types: ["node"] };
    expect(await project.compile(options)).toBe("");
  });

  it("gets the public types alone: nothing of the ledger, the database or the worker", async () => {
    project.write("main.ts", PROGRAM);
    const listed = await project.compile(
      { ...strict, module: "nodenext", types: ["node"] },
      "--listFilesOnly",
    );
    const folders = [...listed.matchAll(/node_modules\/lockstep\/dist\/(?:([\w-]+)\/)?[\w-]+\.d\.ts/g)];
    expect(folders.length).toBeGreaterThan(3);
    expect([...new Set(folders.map((match) => match[1] ?? "."))].sort()).toEqual([
      ".",
      "client",
      "job",
      "process-faults",
    ]);
  });
});

interface Cost {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

function importCost(cwd: string, names: readonly string[]): Cost {
  const program = `
    const before = process.cpuUsage();
    for (const name of ${JSON.stringify(names)}) await import(name);
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage().rss }));`;
  const args = ["--input-type=module", "--eval", program];
  return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: "utf8" })) as Cost;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Shown with the results, so that CI's log says what was measured. */
function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
