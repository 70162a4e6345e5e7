import Table from "cli-table3";

export type Row = Readonly<Record<string, string | number>>;

/** Prints rows with equal keys as a table; the keys are its head. */
export function printTable(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  const head = Object.keys(rows[0] ?? { "nothing was measured": 0 });
  const table = new Table({
    head,
    colAligns: head.map((name) => (typeof rows[0]?.[name] === "number" ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(head.map((name) => shown(row[name])));
  console.log(table.toString());
}

function shown(value: string | number | undefined): string {
  if (typeof value === "number") return value >= 100 ? value.toFixed(0) : value.toFixed(2);
  return value ?? "";
}
