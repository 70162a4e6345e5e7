import type { CheckSummary, PatternSummary } from "@lockstep/doctor";
import { agoText, durationText } from "../duration-text.js";
import { safeLine } from "../safe-text.js";
import type { Terminal } from "../terminal.js";
import { wrapText } from "../wrap-text.js";
import type { DoctorCommand } from "./doctor-command.js";
import { copiedId, shownId } from "./shown-id.js";

const NAME_WIDTH = 14;
const CAUSES_SHOWN = 3;

/**
 * The result of a check as text.
 * @param command formats the doctor's commands with the same configuration
 */
export function checkText(summary: CheckSummary, terminal: Terminal, command: DoctorCommand): string {
  const { dim, red } = terminal.paint;
  const lines = [headline(summary, terminal), dim(scopeText(summary))];
  if (summary.interrupted !== null) lines.push(`${red("!")} ${safeLine(summary.interrupted)}`);
  for (const pattern of summary.patterns) lines.push("", ...patternLines(pattern, terminal, command));
  lines.push(...doubtLines(summary, terminal), ...nextLines(summary, terminal, command));
  for (const note of summary.notes) lines.push(dim(`note: ${safeLine(note)}`));
  return lines.join("\n");
}

function headline(summary: CheckSummary, { paint }: Terminal): string {
  const { verdict, drifting, patterns, unmapped_jobs } = summary;
  const { bold, green, red, yellow } = paint;
  const found = `${count(drifting, "job")} in drift: ${patterns.map(({ pattern, jobs }) => `${jobs} ${pattern}`).join(", ")}.`;
  switch (verdict) {
    case "clean":
      return green(
        bold(`Clean: every view says the same${unmapped_jobs > 0 ? ", where status words are mapped" : ""}.`),
      );
    case "drift":
      return red(bold(found));
    case "unknown": {
      const text = `Unknown: ${unknownWhy(summary)}, so it is not known to be clean.`;
      return yellow(bold(drifting === 0 ? text : `${text} So far, ${found}`));
    }
  }
}

function unknownWhy({ interrupted, unknown_jobs, unreadable_jobs, unmapped_jobs }: CheckSummary): string {
  const isRead = interrupted === null && unknown_jobs === 0 && unreadable_jobs === 0;
  return isRead && unmapped_jobs > 0
    ? "too many status words are not mapped"
    : "not everything could be read";
}

function scopeText({ views, record, compared, agreeing, settling, seconds }: CheckSummary): string {
  const others = views.filter(({ view }) => view !== record).map(({ view }) => view);
  return safeLine(
    `${count(compared, "job")} compared in ${durationText(seconds)}, ${agreeing.toLocaleString("en")} right, ${settling} still changing; ${others.join(" and ")} against ${record}, the record`,
  );
}

function patternLines(pattern: PatternSummary, terminal: Terminal, command: DoctorCommand): string[] {
  const { bold } = terminal.paint;
  const { oldest, causes, live, jobs } = pattern;
  const rows = (name: string, text: string) => rowLines(name, text, terminal);
  const shownCauses = causes
    .slice(0, CAUSES_SHOWN)
    .flatMap((cause, index) => [
      ...rows(index === 0 ? "likely cause" : "or", `${cause.sentence}${share(cause.jobs, jobs)}`),
      ...rows("evidence", `${shownId(cause.example.id)}: ${cause.example.evidence}`),
    ]);
  return [
    bold(`${pattern.pattern}  ${count(jobs, "job")}${live > 0 ? ` (${live} with a live lock)` : ""}`),
    ...rows("what", pattern.what),
    ...(oldest
      ? rows(
          "oldest",
          `${agoText(oldest.since, new Date().toISOString())}, ${oldest.since}: ${shownId(oldest.id)}`,
        )
      : []),
    ...shownCauses,
    ...rows("users see", pattern.users_see),
    ...rows("it costs", pattern.cost),
    ...rows("next", command.inText(pattern.next, copiedId(pattern.examples))),
    ...rows("for example", pattern.examples.map(shownId).join(", ")),
  ];
}

function share(part: number, whole: number): string {
  return part < whole ? ` (${part} of ${whole})` : "";
}

function rowLines(name: string, text: string, { paint, width }: Terminal): string[] {
  const [first = "", ...more] = wrapText(safeLine(text), width === null ? null : width - NAME_WIDTH - 2);
  return [
    `  ${paint.dim(name.padEnd(NAME_WIDTH))}${first}`,
    ...more.map((line) => `${" ".repeat(NAME_WIDTH + 2)}${line}`),
  ];
}

function doubtLines(summary: CheckSummary, { paint: { yellow } }: Terminal): string[] {
  const lines: string[] = [];
  for (const safetyStop of summary.brakes)
    lines.push(
      "",
      safetyStop.kind === "swapped"
        ? `${yellow("!")} In ${safeLine(safetyStop.view)}, the words ${safeLine(safetyStop.words.join(" and "))} look swapped. Check the statuses in the configuration. If they are right, plan with --accept-mapping.`
        : `${yellow("!")} ${safetyStop.drift} of ${count(safetyStop.compared, "job")} differ, over 30 %, so the mapping is probably wrong, not the jobs. Check the statuses in the configuration. If they are right, plan with --accept-mapping.`,
    );
  if (summary.unmapped.length > 0)
    lines.push(
      "",
      `${yellow("!")} ${count(summary.unmapped_jobs, "job")} not compared, because their status words are not mapped. Add these words to the statuses of their view:`,
      ...summary.unmapped.map(({ view, word, jobs }) => `    ${safeLine(view)}: ${safeLine(word)} (${jobs})`),
    );
  if (summary.unreadable_jobs > 0)
    lines.push(
      "",
      `${yellow("!")} ${count(summary.unreadable_jobs, "value")} could not be read and ${summary.unreadable_jobs === 1 ? "was" : "were"} skipped. Look at ${summary.unreadable_jobs === 1 ? "it" : "them"} in the store:`,
      ...summary.unreadable.map(
        ({ view, id, why }) => `    ${safeLine(view)} ${shownId(id)}: ${safeLine(why)}`,
      ),
    );
  if (summary.unknown_jobs > 0)
    lines.push(
      "",
      `${yellow("!")} ${count(summary.unknown_jobs, "job")} could not be looked up in a view. Bring that view back and check again.`,
    );
  return lines;
}

/** The next commands, ready to be copied. */
function nextLines(summary: CheckSummary, { paint }: Terminal, command: DoctorCommand): string[] {
  const [first] = summary.patterns;
  if (summary.interrupted !== null)
    return ["", `Bring that view back, then check again: ${paint.bold(safeLine(command.text("check")))}`];
  if (!first) return [];
  const steps: readonly (readonly [string, string])[] = [
    [command.text("explain", copiedId(first.examples)), "every view of one job, side by side"],
    [command.text("check", "--explain", first.pattern), "the same for all of them"],
    [command.text("plan"), "what would be repaired, and what is left to you; changes no store"],
  ];
  return ["", ...steps.map(([text, what]) => `${paint.bold(safeLine(text))}  ${paint.dim(what)}`)];
}

export function count(number: number, name: string): string {
  return `${number.toLocaleString("en")} ${name}${number === 1 ? "" : "s"}`;
}
