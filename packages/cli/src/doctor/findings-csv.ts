import type { DriftFinding } from "@lockstep/doctor";
import { safeLine } from "../safe-text.js";

const COLUMNS = [
  "id",
  "pattern",
  "view",
  "record",
  "view_status",
  "record_status",
  "since",
  "is_live",
  "cause",
  "evidence",
];

export const CSV_HEADER = COLUMNS.join(",");

/**
 * Formats a finding as a line of CSV. A text that a spreadsheet would read as a formula gets a
 * leading apostrophe.
 */
export function csvLine(finding: DriftFinding): string {
  const wordOf = (name: string) => {
    const shown = finding.views.find(({ view }) => view === name);
    return shown?.word ?? shown?.state ?? "";
  };
  const cells = [
    finding.id,
    finding.pattern,
    finding.view,
    finding.record,
    wordOf(finding.view),
    wordOf(finding.record),
    finding.since ?? "",
    String(finding.is_live),
    finding.cause.code,
    finding.cause.evidence,
  ];
  return cells.map((cell) => csvCell(safeLine(cell))).join(",");
}

function csvCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
