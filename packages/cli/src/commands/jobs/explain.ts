import type { Command } from "commander";
import type { StatusExplanation } from "lockstep/internal/ledger";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../../command.js";
import { jobId } from "../../job-id.js";
import { statusText } from "../../job-text.js";
import { safeLine } from "../../safe-text.js";

export function explainCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "explain <id>",
    summary: "Say why a job is in its status",
    description: "Say in one sentence why a job is in its status, with the evidence.",
    examples: ["lockstep jobs explain 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e"],
    settings: CLIENT_SETTINGS,
    async run({ args, terminal, json, client }) {
      const explanation = await client().get<StatusExplanation>(`/api/jobs/${jobId(args[0])}/explain`);
      if (json) return void terminal.json({ schema: "lockstep.explanation/1", ...explanation });
      const { paint } = terminal;
      const { status, version, summary, evidence } = explanation;
      const width = Math.max(0, ...evidence.map(({ name }) => name.length));
      const facts = evidence.map(({ name, value }) => {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        return `  ${paint.dim(safeLine(name).padEnd(width))}  ${safeLine(text)}`;
      });
      terminal.out([`${statusText(status, paint)}  v${version}  ${safeLine(summary)}`, ...facts].join("\n"));
    },
  });
}
