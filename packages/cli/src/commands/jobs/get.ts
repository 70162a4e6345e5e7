import type { Command } from "commander";
import type { Job, TransitionRecord } from "lockstep/internal/job";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../../command.js";
import { jobId } from "../../job-id.js";
import { jobText, transitionText } from "../../job-text.js";

export function getCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "get <id>",
    summary: "Show one job and its history",
    examples: [
      "lockstep jobs get 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e",
      "lockstep jobs get ID --json | jq .status",
    ],
    settings: CLIENT_SETTINGS,
    async run({ args, terminal, json, client }) {
      const id = jobId(args[0]);
      const api = client();
      const job = await api.get<Job>(`/api/jobs/${id}`);
      if (json) return void terminal.json({ schema: "lockstep.job/1", ...job });
      if (job.source === "cache") {
        terminal.out(jobText(job, terminal.paint));
        return void terminal.note(
          "the database is unreachable: this is a copy, and the history cannot be read",
        );
      }
      const { transitions } = await api.get<{ transitions: TransitionRecord[] }>(
        `/api/jobs/${id}/transitions`,
      );
      const history = transitions.map((transition) => `  ${transitionText(transition, terminal.paint)}`);
      terminal.out([jobText(job, terminal.paint), terminal.paint.dim("history"), ...history].join("\n"));
    },
  });
}
