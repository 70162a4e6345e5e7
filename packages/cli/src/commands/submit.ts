import { type Command, InvalidArgumentError, Option } from "commander";
import { durationMs, type Job } from "lockstep/internal/job";
import {
  CLIENT_SETTINGS,
  collect,
  defineCommand,
  type Invocation,
  type Session,
  secondsNumber,
  wholeNumber,
} from "../command.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { readInput } from "../job-input.js";
import { outputText, statusText } from "../job-text.js";
import { reportEnd, waitForJob, waitTimeoutOption } from "../wait-for-job.js";

interface SubmitFlags {
  readonly input?: string;
  readonly queue?: string;
  readonly priority?: number;
  readonly runAt?: string;
  readonly maxAttempts?: number;
  readonly timeout?: number;
  readonly uniqueKey?: string;
  readonly limitKey?: string;
  readonly idempotencyKey?: string;
  readonly tag?: readonly string[];
  readonly wait?: boolean;
  readonly waitTimeout?: number;
}

/** The answer to a submit: the job, and whether it was there already. */
export type SubmitAnswer = Job & { readonly deduplicated?: boolean };

export function submitCommand(session: Session): Command {
  return defineCommand<SubmitFlags>(session, {
    name: "submit <kind>",
    summary: "Submit a job",
    description:
      "Submit a job and print its id. Once the id is printed the job is recorded, and it runs even if everything restarts.",
    examples: [
      'lockstep submit scan --input \'{"path":"/srv/app"}\' --wait',
      "lockstep submit scan --input @job.json --tag nightly --run-at 2h",
      'echo \'{"path":"."}\' | lockstep submit scan --input - --json',
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--input <json>", "the input: JSON, @file, or - for stdin (default: {})"),
      new Option("--queue <name>", "the queue it waits in (default: the kind's)"),
      new Option("--priority <n>", "-32768 to 32767; smaller runs first (default: 0)").argParser(
        wholeNumber(-32_768, 32_767),
      ),
      new Option(
        "--run-at <time>",
        "not before: a time such as 2030-01-31T08:00:00Z, or a delay such as 90s, 2h",
      ).argParser(runAtText),
      new Option("--max-attempts <n>", "attempts in all (default: the kind's)").argParser(
        wholeNumber(1, 1_000),
      ),
      new Option("--timeout <seconds>", "how long one attempt may take (default: the kind's)").argParser(
        secondsNumber,
      ),
      new Option("--unique-key <key>", "at most one pending or running job of the kind has this key"),
      new Option("--limit-key <key>", "the queue's limits by key count the job under this key"),
      new Option(
        "--idempotency-key <key>",
        "the same key and request give the same job, however often they are sent",
      ),
      new Option("--tag <tag>", "a label for filters; may be given again").argParser(collect),
      new Option("--wait", "wait until the job has finished; exit code 5 when it did not complete"),
      waitTimeoutOption("--wait-timeout <seconds>"),
    ],
    run: submit,
  });
}

async function submit(invocation: Invocation<SubmitFlags>): Promise<ExitCode> {
  const { options, terminal, json } = invocation;
  const client = invocation.client();
  const [kind = ""] = invocation.args;
  const job = await client.post<SubmitAnswer>("/api/jobs", {
    body: { kind, input: await readInput(options.input), ...bodyOf(options) },
    headers: options.idempotencyKey === undefined ? {} : { "idempotency-key": options.idempotencyKey },
  });
  if (job.deduplicated)
    terminal.note(
      `This job was there already: ${statusText(job.status, terminal.paintNote)}  v${job.version}`,
    );
  if (options.wait !== true) {
    if (json) terminal.json({ schema: "lockstep.job/1", ...job });
    else terminal.out(job.id);
    if (!json && terminal.width !== null)
      terminal.note(terminal.paintNote.dim(`follow it with: lockstep jobs watch ${job.id}`));
    return EXIT.done;
  }
  if (!json) terminal.note(terminal.paintNote.dim(`job ${job.id}`));
  const done = await waitForJob(client, job.id, { timeoutSeconds: options.waitTimeout ?? null, terminal });
  if (json) terminal.json({ schema: "lockstep.job/1", ...done });
  const exitCode = reportEnd(done, terminal);
  if (!json && done.status === "completed") terminal.out(outputText(done.output));
  return exitCode;
}

function bodyOf(options: SubmitFlags): Record<string, unknown> {
  const body = {
    queue: options.queue,
    priority: options.priority,
    run_at: options.runAt,
    max_attempts: options.maxAttempts,
    timeout_ms: options.timeout === undefined ? undefined : Math.round(options.timeout * 1_000),
    unique_key: options.uniqueKey,
    limit_key: options.limitKey,
    tags: options.tag,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function runAtText(text: string): string {
  if (/^\+?[\d.]+\s*(ms|s|m|h|d)$/.test(text))
    return new Date(Date.now() + durationMs(text.replace("+", ""))).toISOString();
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError(
      "It must be a time such as 2030-01-31T08:00:00Z, or a delay such as 90s, 10m, 2h.",
    );
  }
  return time.toISOString();
}
