import { type Command, Option } from "commander";
import { INTEGER_MAX, type Job } from "lockstep/internal/job";
import {
  CLIENT_SETTINGS,
  type CliSession,
  defineCommand,
  type Invocation,
  wholeNumber,
} from "../../command.js";
import { confirm } from "../../confirm.js";
import { EXIT, type ExitCode } from "../../exit-codes.js";
import { jobId } from "../../job-id.js";
import { statusText } from "../../job-text.js";

interface ChangeFlags {
  readonly yes?: boolean;
  readonly ifVersion?: number;
}

const ifVersion = () =>
  new Option("--if-version <n>", "only when the job is still at this version").argParser(
    wholeNumber(1, INTEGER_MAX),
  );

export function cancelCommand(session: CliSession): Command {
  return defineCommand<ChangeFlags>(session, {
    name: "cancel <id>",
    summary: "Cancel a job",
    description:
      "Cancel a job: a pending job at once; a running job is asked to stop, and a completion that commits first wins.",
    examples: [
      "lockstep jobs cancel 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e",
      "lockstep jobs cancel ID --yes --if-version 3",
    ],
    settings: CLIENT_SETTINGS,
    options: [new Option("-y, --yes", "do not ask"), ifVersion()],
    async run(invocation) {
      const id = jobId(invocation.args[0]);
      const { terminal } = invocation;
      if (!(await confirm(`Cancel job ${id}?`, { yes: invocation.options.yes === true, terminal }))) {
        terminal.note("Not cancelled.");
        return EXIT.failed;
      }
      return await change(invocation, id, "cancel");
    },
  });
}

export function retryCommand(session: CliSession): Command {
  return defineCommand<ChangeFlags>(session, {
    name: "retry <id>",
    summary: "Run a finished job again",
    description: "Run a finished job again, with the same input and a fresh budget of attempts.",
    examples: ["lockstep jobs retry 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e"],
    settings: CLIENT_SETTINGS,
    options: [ifVersion()],
    run: (invocation) => change(invocation, jobId(invocation.args[0]), "retry"),
  });
}

async function change(
  { options, terminal, json, client }: Invocation<ChangeFlags>,
  id: string,
  action: "cancel" | "retry",
): Promise<ExitCode> {
  const headers = options.ifVersion === undefined ? {} : { "if-match": `"${options.ifVersion}"` };
  const job = await client().post<Job>(`/api/jobs/${id}/${action}`, { headers });
  if (json) terminal.json({ schema: "lockstep.job/1", ...job });
  else
    terminal.out(
      `${statusText(job.status, terminal.paint)}  v${job.version}${job.status === "running" && action === "cancel" ? "  stop requested" : ""}`,
    );
  return EXIT.done;
}
