import Table from "cli-table3";
import { shown } from "../report.js";
import type { Compared, Results } from "./index.js";
import { verdict } from "./lines.js";

/** The figures that the tables show; the JSON has all. */
const FIGURES: Readonly<Record<string, string>> = {
  "processed/s": "processed/s",
  "CPU microseconds a job, worker": "CPU: worker",
  "CPU microseconds a job, PostgreSQL": "PostgreSQL",
  "CPU microseconds a job, Redis": "Redis",
  "WAL bytes a job, claim and settle": "WAL a job",
  "Redis bytes a job": "Redis bytes a job",
  "worker RSS MiB": "RSS MiB",
  "submit/s, batches of 1,000": "submit/s, batches",
  "submit/s, 64 callers": "submit/s, singly",
  "submit to start p50 ms": "start p50 ms",
  "submit to start p99 ms": "start p99 ms",
  "submit to visible completion p50 ms": "visibly done p50 ms",
  "submit to visible completion p99 ms": "visibly done p99 ms",
};

type Rows = readonly (readonly string[])[];

/** A row for each case. */
function figureRows(compared: readonly Compared[]): Rows {
  return [
    ["", ...Object.values(FIGURES)],
    ...compared.map(({ name, figures }) => [
      name,
      ...Object.keys(FIGURES).map((figure) => shown(figures[figure])),
    ]),
  ];
}

function lineRows({ lines }: Results): Rows {
  return [
    ["", "measured", "reach", "aim", ""],
    ...lines.map((line) => [
      line.measure,
      shown(line.measured),
      shown(line.reach),
      shown(line.aim),
      verdict(line),
    ]),
  ];
}

/** What a status of each contender means. */
function promiseRows(compared: readonly Compared[]): Rows {
  const byContender = new Map(compared.map(({ contender }) => [contender.name, contender]));
  return [
    ["", "version", "durable when acknowledged?", "history kept?", "is `running` true?"],
    ...[...byContender.values()].map(({ name, version, promises }) => [
      name,
      version,
      promises.durable,
      promises.history,
      promises.running,
    ]),
  ];
}

export function printResults(results: Results): void {
  console.log(headline(results));
  for (const rows of [figureRows(results.compared), lineRows(results)]) {
    const [head = [], ...body] = rows;
    const table = new Table({
      head: [...head],
      colAligns: head.map((_, index) => (index === 0 ? "left" : "right")),
      style: { head: [], border: [], compact: true },
    });
    table.push(...body.map((cells) => [...cells]));
    console.log(table.toString());
  }
}

/** The same as Markdown, with what each number guarantees. */
export function markdown(results: Results): string {
  const tables = [figureRows(results.compared), lineRows(results), promiseRows(results.compared)];
  return `${[headline(results), ...tables.map(markdownTable)].join("\n\n")}\n`;
}

function markdownTable(rows: Rows): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...body.map(line)].join(
    "\n",
  );
}

function headline({ at, commit, machine, options, rounds, commitMs }: Results): string {
  const { jobs, singles, latencies } = options;
  return [
    `${at.slice(0, 10)}, commit ${commit}, ${machine}. Medians of ${rounds} interleaved rounds;`,
    `${jobs.toLocaleString("en")} jobs in batches and ${singles.toLocaleString("en")} one at a time (fewer for the slow ones),`,
    `${latencies} for the latencies, inputs of 100 bytes. The name says how many jobs are in flight. CPU is in microseconds a job.`,
    `A durable commit of one row took ${commitMs.toFixed(2)} ms.`,
  ].join("\n");
}
