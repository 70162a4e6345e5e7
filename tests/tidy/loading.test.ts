import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

/** `import` and `export ... from`, except those of types alone. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^;"]*?\sfrom\s+)?"([^"]+)"/gm;

/** The packages that are loaded with a file, even if they are never used. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, from = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
    if (from.startsWith("node:")) continue;
    const own = from.startsWith(".") ? join(dirname(file), from.replace(/\.js$/, ".ts")) : sourceOf(from);
    if (own === null) packages.add(from);
    else for (const name of packagesOf(own, seen)) packages.add(name);
  }
  return packages;
}

/** The file behind an entry of one of our own packages; null for other packages. */
function sourceOf(from: string): string | null {
  const [, name, inner] = /^(?:@lockstep\/)?([a-z]+)(?:\/internal\/(.+))?$/.exec(from) ?? [];
  if (name === undefined || !/^(lockstep|@lockstep\/)/.test(from)) return null;
  const path = `packages/${name}/src/${inner ?? "index"}`;
  return existsSync(`${path}.ts`) ? `${path}.ts` : `${path}/index.ts`;
}

it("the command line starts fast: it loads no database, no server and no scanner before a command needs one", () => {
  expect([...packagesOf("packages/cli/src/main.ts")].sort()).toEqual([
    "cli-table3",
    "cli-truncate",
    "commander",
    "picocolors",
    "pino",
    "string-width",
    "undici",
    "uuid",
    "zod",
  ]);
});

it("a workload adds nothing to that until a job of it is requested", () => {
  const loaded = ["scan", "docking"].flatMap((name) => [...packagesOf(`packages/${name}/src/index.ts`)]);
  expect([...new Set(loaded)].sort()).toEqual(["uuid", "zod"]);
});

it("what a command loads later is found where it is loaded", () => {
  expect(packagesOf("packages/cli/src/service.ts")).not.toContain("fastify");
  expect(packagesOf("packages/server/src/service.ts")).toContain("pg");
});
