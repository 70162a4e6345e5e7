import Table from "cli-table3";
import truncate from "cli-truncate";
import type { TextColumn } from "lockstep/internal/workload";
import stringWidth from "string-width";

export type Column<Row> = TextColumn<Row>;

const GAP = 2;
const NO_BORDER = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
  ].map((place) => [place, ""]),
);

/**
 * Renders a table without ruling lines.
 * @param width columns of the terminal; null: as wide as its longest cells
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | null,
): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const colWidths = columnWidths(columns, cells, width);
  const table = new Table({
    head: columns.map((column) => column.title),
    colWidths,
    colAligns: columns.map((column) => column.align ?? "left"),
    chars: { ...NO_BORDER, middle: " ".repeat(GAP) },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(
    ...cells.map((row) =>
      row.map((cell, index) =>
        columns[index]?.keepEnd ? truncate(cell, colWidths[index] ?? 0, { position: "start" }) : cell,
      ),
    ),
  );
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** While the table is too wide, the widest column that may shrink loses one character. */
function columnWidths<Row>(
  columns: readonly Column<Row>[],
  cells: readonly string[][],
  width: number | null,
): number[] {
  const widths = columns.map((column, index) =>
    Math.max(...[column.title, ...cells.map((row) => row[index] ?? "")].map((cell) => stringWidth(cell))),
  );
  let excess =
    width === null ? 0 : widths.reduce((sum, each) => sum + each, GAP * (widths.length - 1)) - width;
  for (; excess > 0; excess -= 1) {
    const spare = widths.map((each, index) => (each > (columns[index]?.shrinkTo ?? each) ? each : 0));
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest] === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
