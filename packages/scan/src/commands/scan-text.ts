import type { Job } from "lockstep/internal/job";
import type { Paint, TextColumn, TextTools } from "lockstep/internal/workload";
import { z } from "zod";
import { SEVERITIES } from "../report/finding.js";

const FINDINGS_SHOWN_MAX = 30;
const REASONS_SHOWN_MAX = 4;

/** The parts of a scan's output that are shown. */
const ScanOutput = z.object({
  counts: z.record(z.string(), z.number()),
  files_scanned: z.number(),
  files_skipped: z.array(z.object({ reason: z.string(), count: z.number() })),
  findings: z.array(
    z.object({ title: z.string(), severity: z.string(), file: z.string(), start_line: z.number() }),
  ),
  report: z.string(),
});

type ScanFinding = z.output<typeof ScanOutput>["findings"][number];

export function readScanOutput(job: Job): z.output<typeof ScanOutput> {
  return ScanOutput.parse(job.output);
}

/**
 * A scan's findings as a table, most severe first, and its counts.
 * @param findingsMax maximum number of findings in the table
 */
export function scanText(job: Job, tools: TextTools, findingsMax = FINDINGS_SHOWN_MAX): string {
  const { paint } = tools;
  const { findings, counts, files_skipped } = readScanOutput(job);
  const shown = findings.slice(0, findingsMax);
  const total = sum(Object.values(counts));
  return [
    ...(shown.length === 0 ? [] : [tools.table(columns(tools), shown)]),
    ...(total > shown.length
      ? [paint.dim(`... and ${(total - shown.length).toLocaleString("en")} more`)]
      : []),
    countsText(job, total, tools),
    ...(files_skipped.length === 0 ? [] : [paint.dim(skippedText(files_skipped, tools))]),
  ].join("\n");
}

function countsText(job: Job, total: number, { paint, duration }: TextTools): string {
  const { counts, files_scanned } = readScanOutput(job);
  const found = SEVERITIES.filter((severity) => (counts[severity] ?? 0) > 0);
  const bySeverity = found
    .map((severity) => severityText(severity, paint, `${counts[severity]} ${severity}`))
    .join(", ");
  const findings = total === 1 ? "1 finding" : `${total.toLocaleString("en")} findings`;
  const took =
    job.started_at && job.finished_at
      ? `, ${duration((Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1_000)}`
      : "";
  const files = `in ${files_scanned.toLocaleString("en")} ${files_scanned === 1 ? "file" : "files"}${took}`;
  return total === 0
    ? `${paint.green("0 findings")} ${files}`
    : `${paint.bold(findings)} (${bySeverity}) ${files}`;
}

function skippedText(
  skipped: readonly { reason: string; count: number }[],
  { line }: Pick<TextTools, "line">,
): string {
  const reasons = skipped
    .slice(0, REASONS_SHOWN_MAX)
    .map(({ reason, count }) => `${count.toLocaleString("en")} ${line(reason)}`);
  if (skipped.length > REASONS_SHOWN_MAX)
    reasons.push(`${sum(skipped.slice(REASONS_SHOWN_MAX).map(({ count }) => count))} for other reasons`);
  return `skipped: ${reasons.join(", ")}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function columns({ paint, line }: TextTools): readonly TextColumn<ScanFinding>[] {
  return [
    { title: "SEVERITY", cell: ({ severity }) => severityText(severity, paint, line(severity)) },
    { title: "FINDING", cell: ({ title }) => line(title), shrinkTo: 20 },
    {
      title: "PLACE",
      cell: ({ file, start_line }) => line(`${file}:${start_line}`),
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
