import { type Command, Option } from "commander";
import type { Job } from "lockstep/internal/job";
import { CLIENT_SETTINGS, type CliSession, defineCommand, type Invocation } from "../command.js";
import type { ExitCode } from "../exit-codes.js";
import { followSubmitted } from "../follow-submitted.js";
import { readInput } from "../job-input.js";
import { outputText, statusText } from "../job-text.js";
import { allowUnknownFlag, SUBMIT_FLAGS, submitFieldsOfFlags, submitFlags } from "../submit-options.js";
import { waitTimeoutOption } from "../wait-for-job.js";

interface SubmitFlags {
  readonly input?: string;
  readonly allowUnknown?: boolean;
  readonly wait?: boolean;
  readonly waitTimeout?: number;
}

/** The response to a submit: the job, and whether it already existed. */
export type SubmitAnswer = Job & { readonly deduplicated?: boolean };

export function submitCommand(session: CliSession): Command {
  return defineCommand<SubmitFlags>(session, {
    name: "submit <kind>",
    summary: "Submit a job",
    description:
      "Submit a job and print its id. Once the id is printed the job is recorded, and it runs even if everything restarts.",
    examples: [
      'lockstep submit resize --input \'{"image":"cat.png"}\' --wait',
      "lockstep submit resize --input @job.json --tag nightly --run-at 2h",
      'echo \'{"image":"cat.png"}\' | lockstep submit resize --input - --json',
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--input <json>", "the input: JSON, @file, or - for stdin (default: {})"),
      ...submitFlags(SUBMIT_FLAGS),
      allowUnknownFlag(),
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
  const { idempotency_key, ...said } = submitFieldsOfFlags(options);
  const job = await client.post<SubmitAnswer>("/api/jobs", {
    body: { kind, input: await readInput(options.input), ...said, allow_unknown: options.allowUnknown },
    headers: idempotency_key === undefined ? {} : { "idempotency-key": idempotency_key },
  });
  if (job.deduplicated)
    terminal.note(`This job already exists: ${statusText(job.status, terminal.paintNote)}  v${job.version}`);
  const { exitCode, job: done } = await followSubmitted(client, {
    job,
    wait: options.wait === true,
    timeoutSeconds: options.waitTimeout ?? null,
    terminal,
    json,
  });
  if (!json && done !== null) terminal.out(outputText(done.output));
  return exitCode;
}
