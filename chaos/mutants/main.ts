/**
 * Takes the guards of the protocol out, one by one: of the model, and of the SQL and TypeScript in a copy of the tree. Each must be noticed, by the
 * explorer or by the tests. `npm run mutants` prints the table; `-- --model` and `-- --code` run one half of it. Exit code 1 when one is not noticed.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { modelMutants } from "../model/mutants.js";
import { CODE_MUTANTS, type CodeMutant } from "./code-mutants.js";

const TEST_MS_MAX = 300_000;
const COPIED = ["src", "test", "package.json", "tsconfig.json", "vitest.config.ts", "scripts"];

interface Row {
  readonly mutant: string;
  readonly caughtBy: string | null;
  readonly seconds: number;
}

function timed(mutant: string, catches: () => string | null): Row {
  const began = performance.now();
  const caughtBy = catches();
  const row = { mutant, caughtBy, seconds: (performance.now() - began) / 1_000 };
  console.error(`${caughtBy === null ? "NOT NOTICED" : "noticed"}: ${mutant}`);
  return row;
}

function modelRows(): Row[] {
  return modelMutants().map(({ model, name, explore }) =>
    timed(`${model} model: ${name}`, () => {
      const { violation } = explore();
      return violation && `explorer, ${violation.trace.length} steps: ${violation.what}`;
    }),
  );
}

/** Runs the tests in a copy of the tree with one line changed. */
function codeRow(mutant: CodeMutant): Row {
  return timed(`${mutant.file}: ${mutant.name}`, () => {
    const copy = mkdtempSync(join(tmpdir(), "lockstep-mutant-"));
    try {
      for (const part of COPIED) cpSync(part, join(copy, part), { recursive: true });
      symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
      const file = join(copy, mutant.file);
      const text = readFileSync(file, "utf8");
      if (text.split(mutant.from).length !== 2)
        throw new Error(`${mutant.file} does not hold once: ${mutant.from}`);
      writeFileSync(
        file,
        text.replace(mutant.from, () => mutant.to),
      );
      const { status, error } = spawnSync("npx", ["vitest", "run", mutant.test], {
        cwd: copy,
        stdio: "ignore",
        timeout: TEST_MS_MAX,
      });
      if (error) return `${mutant.test}: ${error.message}`;
      return status === 0 ? null : mutant.test;
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
}

const { model, code } = new Command("mutants")
  .option("--model", "only the mutants of the model, which take a minute")
  .option("--code", "only the mutants of the SQL and TypeScript")
  .parse()
  .opts<{ model?: boolean; code?: boolean }>();
const rows = [...(code ? [] : modelRows()), ...(model ? [] : CODE_MUTANTS.map(codeRow))];
const table = new Table({
  head: ["left out", "noticed by", "s"],
  style: { head: [], border: [], compact: true },
});
for (const { mutant, caughtBy, seconds } of rows)
  table.push([mutant, caughtBy ?? "NOBODY", seconds.toFixed(1)]);
console.log(table.toString());
const missed = rows.filter((row) => row.caughtBy === null).length;
console.log(`${rows.length - missed} of ${rows.length} noticed`);
process.exitCode = missed > 0 ? 1 : 0;
