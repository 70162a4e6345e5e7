import type { Job } from "lockstep/internal/job";
import { z } from "zod";
import { durationText } from "./duration-text.js";
import { secondsBetween } from "./job-text.js";
import { safeLine } from "./safe-text.js";
import { type Column, renderTable } from "./table.js";
import type { Terminal } from "./terminal.js";

const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
const FINDINGS_SHOWN_MAX = 30;
const REASONS_SHOWN_MAX = 4;

/** What is shown of a scan's output. */
const ScanOutput = z.object({
  counts: z.record(z.string(), z.number()),
  files_scanned: z.number(),
  files_skipped: z.array(z.object({ reason: z.string(), count: z.number() })),
  findings: z.array(
    z.object({ title: z.string(), severity: z.string(), file: z.string(), start_line: z.number() }),
  ),
  report: z.string(),
});

type Finding = z.output<typeof ScanOutput>["findings"][number];
type Paint = Terminal["paint"];

export function readScanOutput(job: Job): z.output<typeof ScanOutput> {
  return ScanOutput.parse(job.output);
}

export interface ScanTextOptions {
  readonly paint: Paint;
  /** Columns of the terminal; null: as many as needed. */
  readonly width: number | null;
  /** Findings in the table at most. Default 30. */
  readonly findingsMax?: number;
}

/** A scan's findings as a table, most severe first, and its counts. */
export function scanText(
  job: Job,
  { paint, width, findingsMax = FINDINGS_SHOWN_MAX }: ScanTextOptions,
): string {
  const { findings, counts, files_skipped } = readScanOutput(job);
  const shown = findings.slice(0, findingsMax);
  const total = sum(Object.values(counts));
  return [
    ...(shown.length === 0 ? [] : [renderTable(columns(paint), shown, width)]),
    ...(total > shown.length
      ? [paint.dim(`... and ${(total - shown.length).toLocaleString("en")} more`)]
      : []),
    countsText(job, total, paint),
    ...(files_skipped.length === 0 ? [] : [paint.dim(skippedText(files_skipped))]),
  ].join("\n");
}

function countsText(job: Job, total: number, paint: Paint): string {
  const { counts, files_scanned } = readScanOutput(job);
  const found = SEVERITIES.filter((severity) => (counts[severity] ?? 0) > 0);
  const bySeverity = found
    .map((severity) => severityText(severity, paint, `${counts[severity]} ${severity}`))
    .join(", ");
  const findings = total === 1 ? "1 finding" : `${total.toLocaleString("en")} findings`;
  const took =
    job.started_at && job.finished_at
      ? `, ${durationText(secondsBetween(job.started_at, job.finished_at))}`
      : "";
  const files = `in ${files_scanned.toLocaleString("en")} ${files_scanned === 1 ? "file" : "files"}${took}`;
  return total === 0
    ? `${paint.green("0 findings")} ${files}`
    : `${paint.bold(findings)} (${bySeverity}) ${files}`;
}

function skippedText(skipped: readonly { reason: string; count: number }[]): string {
  const reasons = skipped
    .slice(0, REASONS_SHOWN_MAX)
    .map(({ reason, count }) => `${count.toLocaleString("en")} ${safeLine(reason)}`);
  if (skipped.length > REASONS_SHOWN_MAX)
    reasons.push(`${sum(skipped.slice(REASONS_SHOWN_MAX).map(({ count }) => count))} for other reasons`);
  return `skipped: ${reasons.join(", ")}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function columns(paint: Paint): readonly Column<Finding>[] {
  return [
    { title: "SEVERITY", cell: ({ severity }) => severityText(severity, paint, safeLine(severity)) },
    { title: "FINDING", cell: ({ title }) => safeLine(title), shrinkTo: 20 },
    {
      title: "PLACE",
      cell: ({ file, start_line }) => safeLine(`${file}:${start_line}`),
      shrinkTo: 20,
      keepEnd: true,
    },
  ];
}

function severityText(severity: string, paint: Paint, text: string): string {
  const colours: Record<string, (text: string) => string> = {
    critical: paint.magenta,
    high: paint.red,
    medium: paint.yellow,
    low: paint.cyan,
  };
  return (colours[severity] ?? paint.dim)(text);
}
