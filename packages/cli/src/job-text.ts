import type { Job, JobSummary, Status, TransitionRecord } from "lockstep/internal/job";
import type { Colors } from "picocolors/types.js";
import { agoText, clockText, durationText } from "./duration-text.js";
import { safeLine, safeLines } from "./safe-text.js";
import type { Column } from "./table.js";

const MARKS: Readonly<Record<Status, string>> = {
  pending: "○",
  running: "◐",
  completed: "●",
  failed: "✖",
  cancelled: "⊘",
};

const COLOURS = {
  pending: "yellow",
  running: "cyan",
  completed: "green",
  failed: "red",
  cancelled: "gray",
} as const satisfies Record<Status, keyof Colors>;

/** A status as a mark, a word and a colour, so that it can be read without any one of them. */
export function statusText(status: Status, paint: Colors): string {
  return paint[COLOURS[status]](`${MARKS[status]} ${status}`);
}

/** One line of a job's history: when, which status and version, and why. */
export function transitionText(transition: TransitionRecord, paint: Colors): string {
  const { status, version, attempt, reason, actor } = transition;
  const run = attempt > 0 ? `  attempt ${attempt}` : "";
  const padded = statusText(status, paint) + " ".repeat("completed".length - status.length);
  return `${paint.dim(clockText(transition.at))}  ${padded}  v${version}${run}  ${paint.dim(safeLine(`${reason} by ${shortActor(actor)}`))}`;
}

// A worker's name is `worker:` and its id. Eight characters of the random part distinguish workers.
function shortActor(actor: string): string {
  return actor.replace(/^(worker:)[0-9a-f-]+([0-9a-f]{8})$/, "$1$2");
}

/** The columns of a list of jobs; `now` is the server's time of the list. */
export function jobColumns(paint: Colors, now: string): readonly Column<JobSummary>[] {
  return [
    { title: "ID", cell: (job) => job.id },
    { title: "KIND", cell: (job) => safeLine(job.kind), shrinkTo: 8 },
    { title: "STATUS", cell: (job) => statusText(job.status, paint) + percentText(job) },
    { title: "TRY", cell: (job) => `${job.attempt}`, align: "right" },
    { title: "QUEUE", cell: (job) => safeLine(job.queue), shrinkTo: 7 },
    { title: "CREATED", cell: (job) => agoText(job.created_at, now), shrinkTo: 8 },
  ];
}

function percentText(job: JobSummary): string {
  return job.status === "running" && job.progress ? ` ${Math.floor(job.progress.fraction * 100)} %` : "";
}

/** Everything about one job, one fact per line. */
export function jobText(job: Job, paint: Colors): string {
  const now = job.as_of;
  const facts: [string, string | null][] = [
    ["job", paint.bold(job.id)],
    ["kind", job.kind],
    ["queue", `${job.queue}${job.priority === 0 ? "" : `, priority ${job.priority}`}`],
    [
      "status",
      `${statusText(job.status, paint)}  v${job.version}  ${paint.dim(`${job.reason} by ${shortActor(job.actor)}`)}`,
    ],
    ["read", `from the ${job.source}, ${shortTime(job.as_of)}`],
    [
      "progress",
      job.progress
        ? `${Math.floor(job.progress.fraction * 100)} %  ${safeLine(job.progress.message ?? "")}`
        : null,
    ],
    ["attempt", `${job.attempt}, failures ${job.failures} of at most ${job.max_attempts}`],
    ["worker", job.worker_id],
    ["tags", job.tags.length > 0 ? job.tags.join(", ") : null],
    ["batch", job.batch_id ?? null],
    ["unique key", job.unique_key],
    ["limit key", job.limit_key],
    ["created", timeText(job.created_at, now)],
    ["runs from", job.run_at > job.as_of ? timeText(job.run_at, now) : null],
    ["started", job.started_at && timeText(job.started_at, now)],
    ["finished", job.finished_at && `${timeText(job.finished_at, now)}${tookText(job)}`],
    ["stop requested", job.cancel_requested_at && timeText(job.cancel_requested_at, now)],
    ["error", job.error ? paint.red(`${safeLine(job.error.name)}: ${safeLine(job.error.message)}`) : null],
    ["archived", job.archive ? `${timeText(job.archive.at, now)}, ${job.archive.file}` : null],
  ];
  const shown = facts.filter((fact): fact is [string, string] => fact[1] !== null);
  const plain = new Set(["job", "status", "progress", "error"]);
  return shown
    .map(([name, text]) => `${paint.dim(name.padEnd(12))}  ${plain.has(name) ? text : safeLine(text)}`)
    .join("\n");
}

function timeText(at: string, now: string): string {
  return `${shortTime(at)} (${agoText(at, now)})`;
}

function shortTime(at: string): string {
  return at.replace(/\.(\d{3})\d*/, ".$1").replace("+00:00", "Z");
}

function tookText(job: Job): string {
  return job.started_at && job.finished_at
    ? `, ran ${durationText(secondsBetween(job.started_at, job.finished_at))}`
    : "";
}

export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

/** A job's output for people: text as it is, anything else as indented JSON. */
export function outputText(output: unknown): string {
  return typeof output === "string" ? safeLines(output) : safeLines(JSON.stringify(output, null, 2));
}
