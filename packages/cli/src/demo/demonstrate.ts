import type { Service } from "@lockstep/server/internal/service";
import { canonicalJson, type Job, type TransitionRecord } from "lockstep/internal/job";
import type { DemoJob, WorkloadDemo } from "lockstep/internal/workload";
import type { ApiClient } from "../client/api-client.js";
import { followJob } from "../follow-job.js";
import { transitionText } from "../job-text.js";
import { createProgressLine } from "../progress.js";
import { safeLine } from "../safe-text.js";
import type { Terminal } from "../terminal.js";
import { jobProgress } from "../wait-for-job.js";
import { textTools } from "../workload-command.js";

/** What the demo observed about one job. */
export interface DemoResult {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly transitions: readonly TransitionRecord[];
  /** Whether the ledger row, the status over HTTP and the result agree. */
  readonly agree: boolean;
}

interface Stage {
  readonly demo: WorkloadDemo;
  readonly runtime: Service;
  readonly client: ApiClient;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly signal: AbortSignal;
  say(text: string): void;
}

/**
 * Follows one job to its end: one line per change of status, a progress bar between, then the
 * output and the comparison.
 */
export async function demonstrate(
  { id }: { id: string },
  { title, place }: DemoJob,
  stage: Stage,
): Promise<DemoResult> {
  const { demo, client, terminal, json, signal, say } = stage;
  const paint = json ? terminal.paintNote : terminal.paint;
  const line = createProgressLine(terminal);
  const transitions: TransitionRecord[] = [];
  say(`${paint.bold(title)}  ${paint.dim(safeLine(place))}\n${paint.dim(`job ${id}`)}`);
  const job = await followJob(client, id, {
    timeoutSeconds: null,
    pollSeconds: 0,
    signal,
    onJob: (now) => line.update(jobProgress(now)),
    onTransition(transition) {
      line.end();
      transitions.push(transition);
      say(`  ${transitionText(transition, paint)}`);
    },
  }).finally(() => line.end());
  const width = json ? terminal.noteWidth : terminal.width;
  if (job.status === "completed") say(demo.text(job, textTools({ paint, width })));
  const agree = await compare(job, stage);
  return {
    id,
    status: job.status,
    version: job.version,
    transitions,
    ...demo.facts(job),
    agree,
  };
}

/**
 * Reads the row from the ledger, and the status and the result over HTTP, and checks that all three
 * agree.
 */
async function compare(job: Job, { runtime, client, terminal, json, say }: Stage): Promise<boolean> {
  const paint = json ? terminal.paintNote : terminal.paint;
  const [row, view, result] = await Promise.all([
    runtime.ledger.get(job.id),
    client.get<{ status: string; version: number; results?: unknown }>(`/api/status/${job.id}`),
    client.get<Job>(`/api/jobs/${job.id}`),
  ]);
  const same = (read: { status: string; version: number } | null, output: unknown) =>
    read?.status === "completed" && read.version === job.version && textOf(output) === textOf(job.output);
  const agree = same(row, row?.output) && same(view, view.results) && same(result, result.output);
  const bytes = Buffer.byteLength(textOf(result.output)).toLocaleString("en");
  const seen = [
    `ledger row ${row?.status} v${row?.version}`,
    `HTTP status ${view.status} v${view.version}`,
    `result ${result.status} v${result.version}`,
  ];
  say(
    agree
      ? `${paint.green("✔ ledger row, HTTP status and result agree:")} completed v${job.version}, ${bytes} bytes`
      : `${paint.red("✖ ledger row, HTTP status and result do not agree:")} ${seen.join(", ")}`,
  );
  return agree;
}

function textOf(value: unknown): string {
  const canonical = canonicalJson(value, Number.MAX_SAFE_INTEGER);
  return canonical.ok ? canonical.text : "";
}
