import type { RankedResult } from "./ranked.js";

/**
 * A table of results (RFC 4180), a line at a time.
 * @param columns the kind's own, between the job's
 */
export function* resultsCsv(results: readonly RankedResult[], columns: readonly string[]): Generator<string> {
  yield line(["rank", "job_id", "status", ...columns, "error"]);
  for (const { rank, job_id, status, values, error } of results) {
    const cells = columns.map((column) => values[column] ?? null);
    yield line([rank, job_id, status, ...cells, error && `${error.code ?? "ERROR"}: ${error.message}`]);
  }
}

function line(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

function cellText(cell: string | number | null): string {
  if (cell === null || typeof cell === "number") return cell === null ? "" : String(cell);
  // A spreadsheet would run a name that begins like a formula: a quote before it makes it text.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
