import type { CheckSummary, Finding, PatternSummary } from "../../doctor/index.js";
import { agoText, durationText } from "../duration-text.js";
import { safeLine } from "../safe-text.js";
import type { Terminal } from "../terminal.js";

/** What a check found, for a person. */
export function checkText(summary: CheckSummary, terminal: Terminal): string {
  const { bold, green, red, yellow, dim } = terminal.paint;
  const headline = {
    clean: green(bold("Clean: every view says the same.")),
    drift: red(bold(`${count(summary.drifting, "job")} in drift.`)),
    unknown: yellow(bold("Unknown: not everything could be read, so nobody can say that it is clean.")),
  }[summary.verdict];
  const lines = [
    headline,
    dim(
      `${count(summary.compared, "job")} compared in ${durationText(summary.seconds)}; ${count(summary.settling, "job")} on the way; record: ${safeLine(summary.record)}`,
    ),
  ];
  if (summary.interrupted !== null) lines.push(`${red("!")} ${safeLine(summary.interrupted)}`);
  for (const pattern of summary.patterns) lines.push("", ...patternLines(pattern, terminal));
  lines.push(...doubtLines(summary, terminal));
  for (const note of summary.notes) lines.push(dim(`note: ${safeLine(note)}`));
  return lines.join("\n");
}

function patternLines(pattern: PatternSummary, terminal: Terminal): string[] {
  const { bold, dim } = terminal.paint;
  const [cause] = pattern.causes;
  const row = (name: string, text: string) => `  ${dim(name.padEnd(12))}${safeLine(text)}`;
  return [
    `${bold(pattern.pattern)}  ${count(pattern.jobs, "job")}${pattern.live > 0 ? ` (${pattern.live} with a live lock)` : ""}`,
    row("what", pattern.what),
    ...(pattern.oldest
      ? [row("oldest", `${agoText(pattern.oldest.since, new Date().toISOString())}: ${pattern.oldest.id}`)]
      : []),
    ...(cause
      ? [
          row("likely", `${cause.sentence}${cause.jobs < pattern.jobs ? ` (${cause.jobs} of them)` : ""}`),
          row("evidence", `${cause.example.id}: ${cause.example.evidence}`),
        ]
      : []),
    row("users see", pattern.users_see),
    row("it costs", pattern.cost),
    row("next", pattern.next),
    row("for example", pattern.examples.join(", ")),
  ];
}

function doubtLines(summary: CheckSummary, { paint: { yellow } }: Terminal): string[] {
  const lines: string[] = [];
  for (const brake of summary.brakes)
    lines.push(
      "",
      brake.kind === "swapped"
        ? `${yellow("!")} In ${safeLine(brake.view)}, the words ${safeLine(brake.words.join(" and "))} look swapped. Nothing is planned until you say that the mapping is right (--accept-mapping).`
        : `${yellow("!")} ${brake.drift} of ${count(brake.compared, "job")} differ, over 30 %: more likely the mapping is wrong than the jobs. Nothing is planned until you say that it is right (--accept-mapping).`,
    );
  if (summary.unmapped.length > 0)
    lines.push(
      "",
      `${yellow("!")} ${count(summary.unmapped_jobs, "job")} with status words that are not mapped, and so not judged:`,
      ...summary.unmapped.map(({ view, word, jobs }) => `    ${safeLine(view)}: ${safeLine(word)} (${jobs})`),
    );
  if (summary.unreadable_jobs > 0)
    lines.push(
      "",
      `${yellow("!")} ${count(summary.unreadable_jobs, "value")} that cannot be understood, and were skipped:`,
      ...summary.unreadable.map(
        ({ view, id, why }) => `    ${safeLine(view)} ${safeLine(id)}: ${safeLine(why)}`,
      ),
    );
  if (summary.unknown_jobs > 0)
    lines.push(
      "",
      `${yellow("!")} ${count(summary.unknown_jobs, "job")} that a view could not be asked about.`,
    );
  return lines;
}

export function count(number: number, name: string): string {
  return `${number.toLocaleString("en")} ${name}${number === 1 ? "" : "s"}`;
}

const CSV_COLUMNS = [
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

export const CSV_HEADER = CSV_COLUMNS.join(",");

/** A finding as a line of CSV. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvLine(finding: Finding): string {
  const wordOf = (name: string) => finding.views.find(({ view }) => view === name);
  const cells = [
    finding.id,
    finding.pattern,
    finding.view,
    finding.record,
    wordOf(finding.view)?.word ?? wordOf(finding.view)?.state ?? "",
    wordOf(finding.record)?.word ?? wordOf(finding.record)?.state ?? "",
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
