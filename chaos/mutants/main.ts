/**
 * Removes the guards of the protocol one by one: from the model, and from the SQL, the Lua and the
 * TypeScript in a copy of the tree. The explorer or the tests must notice each. `npm run mutants`
 * prints the table; `-- --model` and `-- --code` run one half of it.
 *
 * First everything runs without a mutant, and must pass: a test that always fails notices nothing.
 * Exit code 1 when that fails, or when a mutant is not noticed.
 */
import Table from "cli-table3";
import { Command } from "commander";
import { CODE_MUTANTS } from "./code-mutants.js";
import { judgeCode } from "./judge-code.js";
import { judgeModels } from "./judge-models.js";
import type { Judged, Say } from "./judged.js";

function print({ mutants, baseline }: Judged): void {
  const table = new Table({
    head: ["mutant", "noticed by", "did not end", "s"],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, seconds } of baseline) table.push([name, "no mutant: passes", "", seconds.toFixed(1)]);
  for (const { mutant, noticedBy, ended, seconds } of mutants)
    table.push([mutant, noticedBy ?? "NOBODY", ended ? "" : "x", seconds.toFixed(1)]);
  console.log(table.toString());
  const noticed = mutants.filter((row) => row.noticedBy !== null).length;
  const endless = mutants.filter((row) => !row.ended).length;
  console.log(`${noticed} of ${mutants.length} noticed; ${endless} did not end, which counts as not noticed`);
}

const { model, code, only } = new Command("mutants")
  .option("--model", "only the mutants of the model, which take a minute")
  .option("--code", "only the mutants of the SQL, Lua and TypeScript")
  .option("--only <words>", "only mutants of the code with these words in their names, separated by commas")
  .parse()
  .opts<{ model?: boolean; code?: boolean; only?: string }>();
const isWanted = (name: string) => only === undefined || only.split(",").some((part) => name.includes(part));
const halves = [
  ...(code || only ? [] : [judgeModels]),
  ...(model
    ? []
    : [
        (say: Say) =>
          judgeCode(
            say,
            CODE_MUTANTS.filter(({ name }) => isWanted(name)),
          ),
      ]),
];
const judged: Judged = { baseline: [], mutants: [] };
for (const judge of halves) {
  const { baseline, mutants } = await judge((line) => console.error(line));
  judged.baseline.push(...baseline);
  judged.mutants.push(...mutants);
}
print(judged);
process.exitCode = judged.mutants.every((row) => row.noticedBy !== null) ? 0 : 1;
