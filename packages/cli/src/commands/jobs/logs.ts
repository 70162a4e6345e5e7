import { type Command, Option } from "commander";
import { isTerminal, type Job } from "lockstep/internal/job";
import type { LogLine } from "lockstep/internal/ledger";
import type { ApiClient } from "../../client/api-client.js";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../../command.js";
import { clockText } from "../../duration-text.js";
import { jobId } from "../../job-id.js";
import { safeLine } from "../../safe-text.js";
import type { Terminal } from "../../terminal.js";

const PAGE = 1_000;

export function logsCommand(session: CliSession): Command {
  return defineCommand<{ follow?: boolean }>(session, {
    name: "logs <id>",
    summary: "Print a job's log",
    description:
      "Print the lines that a job's handler logged, in all its attempts. With --json, one document per line.",
    examples: ["lockstep jobs logs 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e --follow"],
    settings: CLIENT_SETTINGS,
    options: [new Option("-f, --follow", "follow until the job has finished")],
    async run({ args, options, terminal, json, client }) {
      const id = jobId(args[0]);
      const api = client();
      let printed = await printFrom(api, id, 0, terminal, json);
      while (options.follow) {
        const job = await api.get<Job>(`/api/jobs/${id}`, { query: { wait: 1 } });
        printed = await printFrom(api, id, printed, terminal, json);
        if (isTerminal(job.status)) break;
      }
    },
  });
}

/** Prints the lines after a given line. @returns the number of the last line */
async function printFrom(
  api: ApiClient,
  id: string,
  after: number,
  terminal: Terminal,
  json: boolean,
): Promise<number> {
  let last = after;
  for (;;) {
    const { lines } = await api.get<{ lines: LogLine[] }>(`/api/jobs/${id}/logs`, {
      query: { after: last, limit: PAGE },
    });
    for (const line of lines) {
      if (json) terminal.jsonLine({ schema: "lockstep.log/1", job_id: id, ...line });
      else terminal.out(lineText(line, terminal));
      last = line.seq;
    }
    if (lines.length < PAGE) return last;
  }
}

function lineText({ at, level, message, attempt }: LogLine, { paint }: Terminal): string {
  const colour = { debug: paint.dim, info: paint.cyan, warn: paint.yellow, error: paint.red }[level];
  return `${paint.dim(clockText(at))}  ${paint.dim(`#${attempt}`)}  ${colour(level.padEnd(5))}  ${safeLine(message)}`;
}
