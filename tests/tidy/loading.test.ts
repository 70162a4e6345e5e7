import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

/** `import` and `export ... from`, not those of types alone. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^;"]*?\sfrom\s+)?"([^"]+)"/gm;

/** The packages that are loaded with a file, whatever is done with it afterwards. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, from = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
    if (from.startsWith("node:")) continue;
    if (!from.startsWith(".")) packages.add(from);
    else
      for (const name of packagesOf(join(dirname(file), from.replace(/\.js$/, ".ts")), seen))
        packages.add(name);
  }
  return packages;
}

it("the command line starts at once: it loads no database, no server and no scanner before a command needs one", () => {
  expect([...packagesOf("src/cli/main.ts")].sort()).toEqual([
    "cli-table3",
    "commander",
    "picocolors",
    "pino",
    "undici",
    "uuid",
    "zod",
  ]);
});

it("what a command loads later is found where it is loaded", () => {
  expect(packagesOf("src/cli/service.ts")).not.toContain("fastify");
  expect(packagesOf("src/lockstep.ts")).toContain("pg");
});
