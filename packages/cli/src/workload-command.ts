import type { Command } from "commander";
import type { Job } from "lockstep/internal/job";
import type { CommandContext, TextTools, WorkloadCommand } from "lockstep/internal/workload";
import { CLIENT_SETTINGS, type CliSession, defineCommand, type Invocation, optionOf } from "./command.js";
import { durationText } from "./duration-text.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { followSubmitted } from "./follow-submitted.js";
import { safeLine } from "./safe-text.js";
import { submitBatch } from "./submit-batch.js";
import { renderTable } from "./table.js";
import type { Terminal } from "./terminal.js";
import { download, upload } from "./transfer.js";
import { UsageError } from "./usage-error.js";

/** A workload's command, as a command of the command line. */
export function workloadCommand(session: CliSession, spec: WorkloadCommand): Command {
  const { name, summary, description, examples } = spec;
  return defineCommand<object>(session, {
    name,
    summary,
    description,
    examples,
    settings: CLIENT_SETTINGS,
    options: spec.options.map(optionOf),
    run: async (invocation) => exitCodeOf(await spec.run(contextOf(invocation))),
  });
}

/**
 * An exit code that the command line does not define counts as a failure: scripts rely on the
 * codes' meanings.
 */
function exitCodeOf(code: number): ExitCode {
  return Object.values(EXIT).find((known) => known === code) ?? EXIT.failed;
}

export function textTools({ paint, width }: Pick<Terminal, "paint" | "width">): TextTools {
  return {
    paint,
    table: (columns, rows) => renderTable(columns, rows, width),
    line: safeLine,
    duration: durationText,
  };
}

function contextOf({
  args,
  options,
  terminal,
  json,
  client,
}: Invocation): CommandContext<Record<string, unknown>> {
  const api = client();
  return {
    args,
    options: { ...options },
    json,
    text: textTools(terminal),
    out: terminal.out,
    note: terminal.note,
    hint: (text) => terminal.note(terminal.paintNote.dim(text)),
    upload: (path) => upload(api, path),
    download: (address, path) => download(api, address, path),
    async submitJob(body, follow) {
      const job = await api.post<Job>("/api/jobs", { body });
      return await followSubmitted(api, { job, ...follow, terminal, json });
    },
    submitBatch: (batch, follow) => submitBatch(api, { ...batch, ...follow, terminal, json }),
    misuse: (message) => new UsageError(message),
  };
}
