import { type Command, Option } from "commander";
import { isTerminal, type Progress, type TransitionRecord } from "lockstep/internal/job";
import type { FeedEvent } from "lockstep/internal/ledger";
import type { ApiClient } from "../../client/api-client.js";
import { followEvents } from "../../client/follow-events.js";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../../command.js";
import { EXIT, type ExitCode } from "../../exit-codes.js";
import { jobId } from "../../job-id.js";
import { transitionText } from "../../job-text.js";
import { createProgressLine, type ProgressLine } from "../../progress.js";
import { safeLine } from "../../safe-text.js";
import type { Terminal } from "../../terminal.js";

interface WatchFlags {
  readonly kind?: string;
  readonly status?: string;
}

const SHOWN_JOBS_MAX = 10_000;

interface ProgressEvent {
  readonly progress: Progress | null;
}

interface Watch {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly line: ProgressLine;
}

export function watchCommand(session: CliSession): Command {
  return defineCommand<WatchFlags>(session, {
    name: "watch [id]",
    summary: "Follow a job, or all jobs, live",
    description:
      "Print every change of status as it is committed. With an id, from its first transition until the job has finished (exit code 5 when it did not complete); without an id, everything from now on. With --json, one document per line.",
    examples: [
      "lockstep jobs watch 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e",
      "lockstep jobs watch --kind resize --json",
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--kind <kind>", "only this kind"),
      new Option("--status <status>", "only changes to this status"),
    ],
    async run({ args, options, terminal, json, client }) {
      const watch = { terminal, json, line: createProgressLine(terminal) };
      const stop = new AbortController();
      try {
        if (args[0] === undefined) return await watchAll(client(), options, watch, stop.signal);
        return await watchOne(client(), jobId(args[0]), watch, stop.signal);
      } finally {
        stop.abort(); // An open stream would keep the process alive.
        watch.line.end();
      }
    },
  });
}

async function watchAll(
  client: ApiClient,
  { kind, status }: WatchFlags,
  watch: Watch,
  stop: AbortSignal,
): Promise<ExitCode> {
  const shown = new Map<string, number>();
  for await (const { event, data } of followEvents(client, { kind, status }, stop)) {
    if (event === "transition") {
      const transition = JSON.parse(data) as FeedEvent;
      if (isNewTransition(transition, shown)) printTransition(transition, watch, true);
    }
    if (event === "reset") watch.terminal.note("Some changes are too old to be shown; continuing from now.");
    if (event === "cut") reportTruncation(data, watch);
  }
  return EXIT.done;
}

/** After a reconnection the stream may repeat a version. */
function isNewTransition({ job_id, version }: FeedEvent, shown: Map<string, number>): boolean {
  if (version <= (shown.get(job_id) ?? 0)) return false;
  shown.delete(job_id);
  shown.set(job_id, version);
  const oldest = shown.keys().next();
  if (shown.size > SHOWN_JOBS_MAX && !oldest.done) shown.delete(oldest.value);
  return true;
}

/**
 * Reads the history once the stream is open, and again at each event, so that no transition is
 * missed in between.
 */
async function watchOne(client: ApiClient, id: string, watch: Watch, stop: AbortSignal): Promise<ExitCode> {
  let version = 0;
  for await (const { event, data } of followEvents(client, { job: id }, stop)) {
    if (event === "progress") showProgress(JSON.parse(data) as ProgressEvent, watch);
    else if (event === "cut") reportTruncation(data, watch);
    else {
      const { transitions } = await client.get<{ transitions: TransitionRecord[] }>(
        `/api/jobs/${id}/transitions`,
      );
      for (const transition of transitions)
        if (transition.version > version) printTransition(transition, watch, false);
      const last = transitions.at(-1);
      version = last?.version ?? version;
      if (last && isTerminal(last.status)) return last.status === "completed" ? EXIT.done : EXIT.jobFailed;
    }
  }
  return EXIT.done;
}

function printTransition(
  transition: TransitionRecord | FeedEvent,
  { terminal, json, line }: Watch,
  withJob: boolean,
): void {
  line.end();
  if (json) {
    terminal.jsonLine({ schema: "lockstep.transition/1", ...transition });
    return;
  }
  const job = withJob
    ? `  ${transition.job_id}${"kind" in transition ? `  ${safeLine(transition.kind)}` : ""}`
    : "";
  terminal.out(`${transitionText(transition, terminal.paint)}${job}`);
}

function showProgress({ progress }: ProgressEvent, { line }: Watch): void {
  if (progress) line.update({ label: "running", fraction: progress.fraction, message: progress.message });
}

function reportTruncation(why: string, { terminal, line }: Watch): void {
  line.end();
  terminal.note(terminal.paintNote.yellow(`The stream was cut (${safeLine(why)}); reconnecting.`));
}
