import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";

export interface Column<Row> {
  readonly title: string;
  /** The cell's text, already safe to print. */
  readonly cell: (row: Row) => string;
  readonly align?: "left" | "right";
  /** When the table is too wide, this column gives way, but never below so many characters. */
  readonly shrinkTo?: number;
}

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
 * A table without lines.
 * @param width columns of the terminal; null: as wide as its longest cells
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | null,
): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const table = new Table({
    head: columns.map((column) => column.title),
    colWidths: columnWidths(columns, cells, width),
    colAligns: columns.map((column) => column.align ?? "left"),
    chars: { ...NO_BORDER, middle: " ".repeat(GAP) },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...cells);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function columnWidths<Row>(
  columns: readonly Column<Row>[],
  cells: readonly string[][],
  width: number | null,
): number[] {
  const widths = columns.map((column, index) =>
    Math.max(...[column.title, ...cells.map((row) => row[index] ?? "")].map(textWidth)),
  );
  if (width === null) return widths;
  let excess = widths.reduce((sum, each) => sum + each, GAP * (widths.length - 1)) - width;
  for (const [index, column] of columns.entries()) {
    const spare = column.shrinkTo === undefined ? 0 : Math.max(0, (widths[index] ?? 0) - column.shrinkTo);
    const cut = Math.max(0, Math.min(spare, excess));
    widths[index] = (widths[index] ?? 0) - cut;
    excess -= cut;
  }
  return widths;
}

/** Columns a text takes on a terminal: wide characters (East Asian, emoji) take two. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(text))) {
    width +=
      /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\uff01-\uff60]/u.test(
        segment,
      )
        ? 2
        : 1;
  }
  return width;
}
