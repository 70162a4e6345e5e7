import { writeFileSync } from "node:fs";
import Table from "cli-table3";
import { machine } from "../bench/report.js";
import type { Verdict } from "./run.js";

/**
 * Designs that are known to show wrong answers: if the oracle finds none there, the oracle is
 * broken.
 */
const KNOWN_LIARS: ReadonlySet<string> = new Set(["swallowed write", "API from memory"]);

/**
 * Prints the table and the findings. @returns the exit code: 1 if Lockstep failed, or a known liar
 * passed
 */
export function printVerdicts(verdicts: readonly Verdict[], jsonFile: string | undefined): number {
  const table = new Table({
    head: ["", "jobs", "faults", "reads", "lost", "wrong", "stuck", "two ends", "longest behind", "seconds"],
    colAligns: ["left", ...Array.from({ length: 9 }, () => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const verdict of verdicts) table.push(rowOf(verdict));
  if (verdicts.length > 1 && new Set(verdicts.map(({ system }) => system)).size === 1)
    table.push(rowOf(summed(verdicts)));
  console.log(`${machine()}; seed ${[...new Set(verdicts.map((verdict) => verdict.seed))].join(", ")}`);
  console.log(table.toString());
  for (const verdict of verdicts) printDetails(verdict);
  if (jsonFile)
    writeFileSync(
      jsonFile,
      `${JSON.stringify({ at: new Date().toISOString(), machine: machine(), verdicts }, null, 2)}\n`,
    );
  const failed = verdicts.filter(hasFailed);
  for (const { system, seed } of failed) console.log(`FAILED: ${system}, seed ${seed}`);
  return failed.length > 0 ? 1 : 0;
}

/** Sums the verdicts of several seeds. */
function summed(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((sum, one) => ({
    ...one,
    seed: 0,
    system: "all seeds",
    jobs: sum.jobs + one.jobs,
    faults: sum.faults + one.faults,
    reads: sum.reads + one.reads,
    lost: sum.lost + one.lost,
    lies: sum.lies + one.lies,
    stuck: sum.stuck + one.stuck,
    doubles: sum.doubles + one.doubles,
    longestBehindMs: Math.max(sum.longestBehindMs, one.longestBehindMs),
    seconds: sum.seconds + one.seconds,
  }));
}

function rowOf(verdict: Verdict): (string | number)[] {
  const { system, version, seed, jobs, faults, reads, lost, lies, stuck, doubles, longestBehindMs, seconds } =
    verdict;
  const behind = `${(longestBehindMs / 1_000).toFixed(1)} s`;
  return [
    `${system} (${version})${seed === 0 ? "" : `, seed ${seed}`}`,
    jobs,
    faults,
    reads,
    lost,
    lies,
    stuck,
    doubles,
    behind,
    Math.round(seconds),
  ];
}

function printDetails({ system, liesByKind, examples, pointsMissed, unknown }: Verdict): void {
  if (liesByKind.length > 0)
    console.log(`\n${system}: ${liesByKind.map(([kind, count]) => `${kind} ${count}`).join(", ")}`);
  for (const example of examples.slice(0, 12)) console.log(`  ${example}`);
  if (pointsMissed.length > 0) console.log(`${system}: crash points not reached: ${pointsMissed.join("; ")}`);
  if (unknown > 0) console.log(`${system}: ${unknown} requests without an answer`);
}

function hasFailed({ system, lost, lies, stuck, doubles, pointsMissed, jobs }: Verdict): boolean {
  if (KNOWN_LIARS.has(system)) return lies === 0;
  if (system !== "Lockstep") return false;
  return jobs === 0 || lost + lies + stuck + doubles + pointsMissed.length > 0;
}
