import type { PlanItem, PlanResult, PlanSkip, Preference, RepairAction } from "@lockstep/doctor";
import { safeLine } from "../safe-text.js";
import type { Terminal } from "../terminal.js";
import { count } from "./check-text.js";
import type { DoctorCommand } from "./doctor-command.js";
import { shownId } from "./shown-id.js";

/** The risk of each choice of side. */
export const RISKS: Readonly<Record<Preference, string>> = {
  queue:
    "the record is overwritten with the queue's outcome; corrections made by hand in the record are lost",
  record:
    "the queue is overwritten with the record's outcome; where the queue was right, its outcome is lost",
  newest:
    "the side with the later time wins; a wrong clock can decide, and a late retry beats the first outcome",
};

/** A plan as text: the counts, then a diff for each of the first jobs. */
export function planText(result: PlanResult, terminal: Terminal, command: DoctorCommand): string {
  const { bold, dim, green } = terminal.paint;
  const isUnknown = result.check.verdict === "unknown";
  const doubt = isUnknown
    ? [
        `${terminal.paint.yellow("!")} Not every job could be read or judged, so there may be more: ${safeLine(command.text("check"))}`,
      ]
    : [];
  if (result.repairs === 0) {
    const nothing = isUnknown ? "Nothing to repair in what could be judged." : green("Nothing to repair.");
    return [
      result.skipped === 0 ? nothing : bold("Nothing that the doctor can repair."),
      ...skipLines(result.skip_examples, result.skipped, terminal),
      ...doubt,
    ].join("\n");
  }
  const lines = [
    bold(`${count(result.repairs, "repair")} planned; nothing has been written.`),
    ...Object.entries(result.by_pattern).map(
      ([pattern, { repairs, skipped }]) =>
        `  ${pattern.padEnd(16)}${repairs} to repair, ${skipped} left to you`,
    ),
    "",
    ...result.examples.flatMap((item) => itemLines(item, terminal)),
  ];
  if (result.repairs > result.examples.length)
    lines.push(dim(`and ${result.repairs - result.examples.length} more`));
  lines.push(...skipLines(result.skip_examples, result.skipped, terminal), ...doubt, "");
  lines.push(dim(`the whole plan: ${safeLine(result.path ?? "")} (until ${result.expires_at})`));
  lines.push(`read it, then apply it with: ${bold(safeLine(command.text("apply", result.plan ?? "")))}`);
  return lines.join("\n");
}

const ACTION_TEXTS: Readonly<Record<RepairAction, string>> = {
  settle: "set in",
  remove: "remove from",
  enqueue: "add again to",
  refresh: "rewrite in",
};

export function itemLines({ id, pattern, view, action, changes }: PlanItem, { paint }: Terminal): string[] {
  return [
    `${paint.bold(shownId(id))}  ${pattern}: ${ACTION_TEXTS[action]} ${safeLine(view)}`,
    ...changes.flatMap(({ field, from, to, source }) => [
      ...(from === null ? [] : [paint.red(`  - ${field}: ${safeLine(from)}`)]),
      paint.green(`  + ${field}: ${safeLine(to ?? "none")}`) + paint.dim(`  (${safeLine(source)})`),
    ]),
  ];
}

function skipLines(skips: readonly PlanSkip[], total: number, { paint }: Terminal): string[] {
  if (total === 0) return [];
  return [
    "",
    `${count(total, "job")} left to you:`,
    ...skips.slice(0, 10).map(({ id, pattern, why }) => `  ${shownId(id)}  ${pattern}: ${safeLine(why)}`),
    ...(total > 10 ? [paint.dim(`  and ${total - 10} more, all in the plan's file`)] : []),
  ];
}
