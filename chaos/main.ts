/**
 * Looks for wrong answers: `npm run truth -- --minutes 2 --seed 7`. It starts its own servers, runs
 * a system under a storm of faults that the seed decides, repairs everything, and lets an oracle
 * judge what every view showed. Exit code 1 on any wrong answer, loss or stuck job.
 */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { faultsWithout } from "./faults/storm.js";
import { printVerdicts } from "./report.js";
import { runOnce, type Verdict } from "./run.js";
import { SYSTEMS } from "./systems/index.js";

interface Flags {
  readonly minutes: string;
  readonly seed?: string;
  readonly rate: string;
  readonly faultEvery: string;
  readonly systems: string;
  readonly without?: string;
  readonly allPoints?: boolean;
  readonly keep?: string;
  readonly json?: string;
}

const program = new Command("truth")
  .description("Look for wrong statuses under faults, in Lockstep and in what people use today.")
  .option("--minutes <n>", "how long the storm lasts, for each system", "2")
  .option(
    "--seed <n>",
    "decides the faults and the work; several, separated by commas: one run for each; default: random",
  )
  .option("--rate <n>", "jobs a second", "150")
  .option("--fault-every <ms>", "milliseconds between two faults, on average", "600")
  .option("--systems <names>", `separated by commas, or all: ${Object.keys(SYSTEMS).join(", ")}`, "lockstep")
  .option("--without <names>", "leave out faults with these words in their names, separated by commas")
  .option("--all-points", "fail unless a process died at every crash point; reaching it is not enough")
  .option("--keep <folder>", "keep the history in this folder")
  .option("--json <file>", "also write the verdicts to this file");

async function main(): Promise<number> {
  const flags = program.parse().opts<Flags>();
  const seeds = (flags.seed ?? String(Math.floor(Math.random() * 1e9))).split(",").map(Number);
  const names = flags.systems === "all" ? Object.keys(SYSTEMS) : flags.systems.split(",");
  const unknown = names.filter((name) => !(name in SYSTEMS));
  if (unknown.length > 0 || !seeds.every(Number.isInteger)) {
    console.error(
      unknown.length > 0 ? `there is no system ${unknown.join(", ")}` : "the seed is a whole number",
    );
    return 64;
  }
  if (flags.keep) mkdirSync(flags.keep, { recursive: true });
  const verdicts: Verdict[] = [];
  for (const { name, seed } of names.flatMap((name) => seeds.map((seed) => ({ name, seed })))) {
    const load = SYSTEMS[name];
    if (!load) continue;
    console.error(`${name}: seed ${seed}, ${flags.minutes} minutes`);
    const verdict = await runOnce({
      system: await load(),
      seed,
      minutes: Number(flags.minutes),
      rate: Number(flags.rate),
      everyMs: Number(flags.faultEvery),
      faults: faultsWithout(flags.without?.split(",") ?? []),
      allPoints: flags.allPoints ?? false,
      keep: flags.keep ? resolve(flags.keep) : null,
      say: (line) => console.error(line),
    });
    verdicts.push(verdict);
  }
  return printVerdicts(verdicts, flags.json);
}

// This process kills the servers and processes of a run when it exits, so it must exit orderly.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.setMaxListeners(100);
process.exitCode = await main();
// A leftover timer of a driver must not keep a finished run alive.
setTimeout(() => process.exit(), 2_000);
