import { type Command, Option } from "commander";
import { isTerminal, type Job } from "../../job/index.js";
import { CLIENT_SETTINGS, defineCommand, type Session } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { jobId } from "../job-id.js";
import { outputText, statusText } from "../job-text.js";
import { safeLine } from "../safe-text.js";
import { reportEnd, waitForJob, waitTimeoutOption } from "../wait-for-job.js";

interface ResultFlags {
  readonly wait?: boolean;
  readonly waitTimeout?: number;
}

export function resultCommand(session: Session): Command {
  return defineCommand<ResultFlags>(session, {
    name: "result <id>",
    summary: "Print a job's result",
    description:
      "Print the output of a completed job. A failed or cancelled job ends with exit code 5, an unfinished one with 1.",
    examples: [
      "lockstep result 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e",
      "lockstep result ID --wait --json | jq .output",
    ],
    settings: CLIENT_SETTINGS,
    options: [new Option("--wait", "wait until the job has finished"), waitTimeoutOption()],
    async run({ args, options, terminal, json, client }) {
      const id = jobId(args[0]);
      const api = client();
      const job = options.wait
        ? await waitForJob(api, id, { timeoutSeconds: options.waitTimeout ?? null, terminal })
        : await api.get<Job>(`/api/jobs/${id}`);
      const { status, version, output, error, source, as_of } = job;
      if (json)
        terminal.json({
          schema: "lockstep.result/1",
          job_id: job.id,
          status,
          version,
          output,
          error,
          source,
          as_of,
        });
      if (!isTerminal(status)) {
        terminal.note(
          `${statusText(status, terminal.paintNote)}  v${version}  not finished; wait for it with: lockstep result ${id} --wait`,
        );
        return EXIT.failed;
      }
      if (status !== "completed") return reportEnd(job, terminal);
      if (job.archive?.readable === false) {
        terminal.note(
          `${statusText(status, terminal.paintNote)}  v${version}  archived; the server cannot read ${safeLine(job.archive.file)}`,
        );
        return EXIT.unknown;
      }
      if (!json) terminal.out(outputText(output));
      return EXIT.done;
    },
  });
}
