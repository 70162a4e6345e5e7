import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Figures, machine, medians, quantile } from "../report.js";
import { type Case, chosenCases } from "./cases.js";
import type { Contender } from "./contender.js";
import { CONTENDERS } from "./contenders/index.js";
import { type Line, linesOf } from "./lines.js";
import type { Sizes } from "./order.js";
import { barChart } from "./plot.js";
import { installRivals, nodeProgram } from "./rivals.js";
import { measureCase, measureCommit } from "./round.js";
import { type Setup, withServers } from "./stores.js";
import { markdown, printResults } from "./table.js";

export interface CompareOptions {
  readonly jobs: number;
  readonly singles: number;
  readonly latencies: number;
  readonly rounds: number;
  readonly cases: string;
  /** Jobs that are processed with and without an old transaction; 0: none. */
  readonly long: number;
  /** Jobs that one worker processes to watch its memory; 0: none. */
  readonly history: number;
  /** Finished jobs that a ledger has before a measurement; 0: none, and it is not measured. */
  readonly finished: number;
  /** A version or a path. Default: the Node.js of this process. */
  readonly node?: string;
  readonly out: string;
}

/** One case with its medians, and its figures in every round. */
export interface Compared {
  readonly name: string;
  readonly contender: Contender;
  readonly figures: Figures;
  readonly rounds: readonly Figures[];
}

export interface Results {
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  readonly options: CompareOptions;
  readonly rounds: number;
  /** A durable commit of one row. */
  readonly commitMs: number;
  readonly compared: readonly Compared[];
  readonly lines: readonly Line[];
}

export interface Subject {
  readonly name: string;
  readonly measured: Case;
  readonly contender: Contender;
  readonly sizes: Sizes;
  readonly finished: number;
  readonly rounds: Figures[];
}

/**
 * Compares Lockstep with what people use: the same payloads, in interleaved rounds on the same
 * servers.
 */
export async function compare(options: CompareOptions): Promise<void> {
  installRivals();
  const node = options.node === undefined ? process.execPath : nodeProgram(options.node);
  const nodeVersion = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const subjects = await subjectsOf(options);
  await withServers({ redis: true, node }, async (setup) => {
    const commits: number[] = [];
    for (let round = 1; round <= options.rounds; round++) {
      commits.push(await measureCommit(setup));
      await measureRound(setup, subjects, round);
      const results = resultsOf(subjects, { options, round, commits, nodeVersion });
      // After each round, so that an aborted run leaves what it measured.
      printResults(results);
      write(results, nodeVersion);
    }
  });
}

async function subjectsOf(options: CompareOptions): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const [name, measured] of chosenCases(options.cases)) {
    const sizes = sizesOf(measured, options);
    const contender = await CONTENDERS[measured.contender]?.();
    const finished = measured.finished ? options.finished : 0;
    if (measured.finished && finished === 0) continue;
    if (contender && sizes.jobs > 0)
      subjects.push({ name, measured, contender, sizes, finished, rounds: [] });
  }
  return subjects;
}

function sizesOf({ jobs, share = 1, onlyProcessing }: Case, options: CompareOptions): Sizes {
  return {
    jobs: jobs === undefined ? Math.ceil(options.jobs * share) : options[jobs],
    singles: onlyProcessing ? 0 : Math.ceil(options.singles * share),
    latencies: options.latencies,
  };
}

async function measureRound(setup: Setup, subjects: readonly Subject[], round: number): Promise<void> {
  for (const subject of subjects) {
    const { name, measured, rounds } = subject;
    if (measured.once && round > 1) continue;
    const began = performance.now();
    const figures = await measureCase(setup, subject);
    rounds.push(figures);
    const seconds = Math.round((performance.now() - began) / 1_000);
    console.error(
      `round ${round}, ${name}: ${Math.round(figures["processed/s"] ?? 0)} processed/s (${seconds} s)`,
    );
  }
}

interface Run {
  readonly options: CompareOptions;
  readonly round: number;
  readonly commits: readonly number[];
  readonly nodeVersion: string;
}

function resultsOf(subjects: readonly Subject[], { options, round, commits, nodeVersion }: Run): Results {
  const compared = subjects.map(({ name, contender, rounds }) => ({
    name,
    contender,
    figures: medians(rounds),
    rounds,
  }));
  const commitMs = quantile(commits, 0.5);
  return {
    at: new Date().toISOString(),
    commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim(),
    machine: machine(nodeVersion),
    options,
    rounds: round,
    commitMs,
    compared,
    lines: linesOf(Object.fromEntries(compared.map(({ name, figures }) => [name, figures])), commitMs),
  };
}

/** A file for each day and each major version of Node.js; the plots are of the last run. */
function write(results: Results, nodeVersion: string): void {
  const { out } = results.options;
  mkdirSync(out, { recursive: true });
  const name = `${results.at.slice(0, 10)}-node-${nodeVersion.replace(/^v(\d+).*/, "$1")}`;
  const { compared, ...run } = results;
  const cases = compared.map(({ contender: { name: title, version, promises }, ...rest }) => ({
    ...rest,
    title,
    version,
    promises,
  }));
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify({ ...run, cases }, null, 1)}\n`);
  writeFileSync(join(out, `${name}.md`), markdown(results));
  for (const [figure, slug] of [
    ["processed/s", "processed"],
    ["submit to start p99 ms", "start-p99"],
  ] as const)
    writeFileSync(join(out, `${slug}.svg`), barChart(compared, figure));
  console.log(`written to ${out}`);
}
