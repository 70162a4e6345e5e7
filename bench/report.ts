import { cpus, totalmem } from "node:os";
import Table from "cli-table3";

export type Figures = Readonly<Record<string, number>>;

/** The median of each figure over the rounds. */
export function medians(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {});
  // A figure that is measured in the first round only is its own median.
  const valuesOf = (name: string) => rounds.flatMap((round) => round[name] ?? []);
  return Object.fromEntries(names.map((name) => [name, quantile(valuesOf(name), 0.5)]));
}

/** Prints a column for each result. */
export function printFigures(results: Readonly<Record<string, Figures>>, rounds: number): void {
  const engines = Object.keys(results);
  const names = [...new Set(engines.flatMap((engine) => Object.keys(results[engine] ?? {})))];
  const table = new Table({
    head: ["", ...engines],
    colAligns: ["left", ...engines.map(() => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const name of names) table.push([name, ...engines.map((engine) => shown(results[engine]?.[name]))]);
  console.log(`${machine()}; medians of ${rounds} rounds`);
  console.log(table.toString());
}

export function shown(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "-";
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(value < 1 ? 3 : 2);
}

/** The machine of the measurement. */
export function machine(nodeVersion = process.version): string {
  return `${cpus().length} x ${cpus()[0]?.model ?? "CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${nodeVersion}`;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
