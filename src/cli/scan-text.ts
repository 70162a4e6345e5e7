import { z } from "zod";
import type { Job } from "../job/index.js";
import { durationText } from "./duration-text.js";
import { secondsBetween } from "./job-text.js";
import { safeLine } from "./safe-text.js";
import { type Column, renderTable } from "./table.js";
import type { Terminal } from "./terminal.js";

const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
const FINDINGS_SHOWN_MAX = 30;

/** What is shown of a scan's output. */
const ScanOutput = z.object({
  counts: z.record(z.string(), z.number()),
  files_scanned: z.number(),
  files_skipped: z.number(),
  findings: z.array(
    z.object({ title: z.string(), severity: z.string(), file: z.string(), start_line: z.number() }),
  ),
});

type Finding = z.output<typeof ScanOutput>["findings"][number];

export function readScanOutput(job: Job): z.output<typeof ScanOutput> {
  return ScanOutput.parse(job.output);
}

/** A scan's findings as a table, most severe first, and its counts. At most `findingsMax` findings are shown, 30 by default. */
export function scanText(
  job: Job,
  terminal: Pick<Terminal, "paint" | "width">,
  findingsMax = FINDINGS_SHOWN_MAX,
): string {
  const output = readScanOutput(job);
  const shown = output.findings.slice(0, findingsMax);
  const lines = shown.length === 0 ? [] : [renderTable(columns(terminal.paint), shown, terminal.width), ""];
  const total = Object.values(output.counts).reduce((sum, count) => sum + count, 0);
  if (total > shown.length)
    lines.splice(1, 0, terminal.paint.dim(`... and ${total - shown.length} more: lockstep result ${job.id}`));
  return [...lines, countsText(job, total, terminal.paint)].join("\n");
}

function countsText(job: Job, total: number, paint: Terminal["paint"]): string {
  const { counts, files_scanned, files_skipped } = readScanOutput(job);
  const bySeverity = SEVERITIES.filter((severity) => (counts[severity] ?? 0) > 0).map((severity) =>
    severityText(severity, paint, `${counts[severity]} ${severity}`),
  );
  const found =
    total === 0
      ? paint.green("0 findings")
      : `${paint.bold(`${total} ${total === 1 ? "finding" : "findings"}`)} (${bySeverity.join(", ")})`;
  const took =
    job.started_at && job.finished_at
      ? ` in ${durationText(secondsBetween(job.started_at, job.finished_at))}`
      : "";
  return `${found} in ${files_scanned.toLocaleString("en")} files${took}; ${files_skipped.toLocaleString("en")} skipped`;
}

function columns(paint: Terminal["paint"]): readonly Column<Finding>[] {
  return [
    { title: "SEVERITY", cell: ({ severity }) => severityText(severity, paint, safeLine(severity)) },
    { title: "FINDING", cell: ({ title }) => safeLine(title), shrinkTo: 24 },
    { title: "PLACE", cell: ({ file, start_line }) => safeLine(`${file}:${start_line}`), shrinkTo: 20 },
  ];
}

function severityText(severity: string, paint: Terminal["paint"], text: string): string {
  const colours: Record<string, (text: string) => string> = {
    critical: paint.magenta,
    high: paint.red,
    medium: paint.yellow,
    low: paint.cyan,
  };
  return (colours[severity] ?? paint.dim)(text);
}
