import Table from "cli-table3";
import { machine } from "../report.js";
import type { Compared, CompareOptions } from "./index.js";

const BASE = "lockstep";

/** A row for each contender, with the ratio of Lockstep's rate on PostgreSQL to its rate. */
export function printCompared(compared: readonly Compared[], rounds: number): void {
  console.log(`${machine()}; medians of ${rounds} interleaved rounds`);
  const figures = figureNames(compared);
  const table = new Table({
    head: ["", ...compared.map(({ name }) => name)],
    colAligns: ["left", ...compared.map(() => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const figure of figures) table.push([figure, ...compared.map((one) => shown(one.figures[figure]))]);
  table.push(["Lockstep processed/s, relative to this one", ...compared.map((one) => ratio(compared, one))]);
  console.log(table.toString());
}

/** The same as Markdown, with what each number guarantees. */
export function markdown(
  compared: readonly Compared[],
  { at, commit, options }: { at: string; commit: string; options: CompareOptions },
): string {
  const head = ["", ...compared.map(({ contender }) => `${contender.name} ${contender.version}`)];
  const rows = [
    ...figureNames(compared).map((figure) => [figure, ...compared.map((one) => shown(one.figures[figure]))]),
    ["**Lockstep processed/s, relative to this one**", ...compared.map((one) => ratio(compared, one))],
    ["durable when acknowledged?", ...compared.map(({ contender }) => contender.promises.durable)],
    ["history kept?", ...compared.map(({ contender }) => contender.promises.history)],
    ["is `running` true?", ...compared.map(({ contender }) => contender.promises.running)],
  ];
  const lines = [head, head.map((_, index) => (index === 0 ? "---" : "---:")), ...rows];
  const { jobs, singles, latencies, rounds, concurrency } = options;
  return [
    `${at.slice(0, 10)}, commit ${commit}, ${machine()}. ${rounds} interleaved rounds, medians; ${jobs.toLocaleString("en")} jobs in batches and`,
    `${singles.toLocaleString("en")} one at a time (fewer for the slow ones), ${latencies} for the latencies, concurrency ${concurrency}, inputs of 100 bytes.`,
    "",
    ...lines.map((cells) => `| ${cells.join(" | ")} |`),
    "",
  ].join("\n");
}

function figureNames(compared: readonly Compared[]): string[] {
  return [...new Set(compared.flatMap(({ figures }) => Object.keys(figures)))];
}

function ratio(compared: readonly Compared[], one: Compared): string {
  const base = compared.find(({ name }) => name === BASE)?.figures["processed/s"];
  const mine = one.figures["processed/s"];
  return base === undefined || mine === undefined ? "-" : (base / mine).toFixed(2);
}

function shown(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "-";
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(value < 1 ? 3 : 2);
}
