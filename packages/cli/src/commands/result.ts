import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { isTerminal, type Job } from "lockstep/internal/job";
import type { ApiClient } from "../client/api-client.js";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../command.js";
import { EXIT } from "../exit-codes.js";
import { jobId } from "../job-id.js";
import { outputText, statusText } from "../job-text.js";
import { safeLine } from "../safe-text.js";
import type { Terminal } from "../terminal.js";
import { download } from "../transfer.js";
import { UsageError } from "../usage-error.js";
import { followUntilDone, reportEnd, waitTimeoutOption } from "../wait-for-job.js";

interface ResultFlags {
  readonly output?: string;
  readonly wait?: boolean;
  readonly waitTimeout?: number;
}

export function resultCommand(session: CliSession): Command {
  return defineCommand<ResultFlags>(session, {
    name: "result <id>",
    summary: "Print a job's result",
    description:
      "Print the output of a completed job. A failed or cancelled job gives exit code 5, an unfinished one 1.",
    examples: [
      "lockstep result 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e",
      "lockstep result ID -o files",
      "lockstep result ID --wait --json | jq .output",
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option(
        "-o, --output <folder>",
        "write the job's files into this folder, which is created if needed",
      ),
      new Option("--wait", "wait until the job has finished"),
      waitTimeoutOption(),
    ],
    async run({ args, options, terminal, json, client }) {
      const id = jobId(args[0]);
      const api = client();
      const job = options.wait
        ? await followUntilDone(api, id, { timeoutSeconds: options.waitTimeout ?? null, terminal })
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
      if (options.output !== undefined) await writeFiles(api, job, options.output, terminal);
      else if (!json) terminal.out(outputText(output));
      return EXIT.done;
    },
  });
}

/**
 * Writes a job's files. Refuses any name that is not a plain file name, because the server is not
 * trusted.
 */
async function writeFiles(api: ApiClient, job: Job, folder: string, terminal: Terminal): Promise<void> {
  const path = `/api/jobs/${job.id}/artifacts`;
  const { artifacts } = await api.get<{ artifacts: { name: string }[] }>(path);
  const { isPlainName } = await import("lockstep/internal/artifacts");
  await mkdir(folder, { recursive: true });
  for (const { name } of artifacts) {
    if (!isPlainName(name))
      throw new UsageError(`the job has a file with an invalid name: ${safeLine(name)}`);
    await download(api, `${path}/${encodeURIComponent(name)}`, join(folder, name));
    terminal.note(terminal.paintNote.dim(join(folder, safeLine(name))));
  }
  if (artifacts.length === 0) terminal.note("the job left no files");
}
