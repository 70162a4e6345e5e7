import { type Command, Option } from "commander";
import type { Batch } from "lockstep/internal/ledger";
import { batchText } from "../../batch-text.js";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../../command.js";
import { confirm } from "../../confirm.js";
import { EXIT } from "../../exit-codes.js";
import { safeLine } from "../../safe-text.js";
import { batchPath } from "./path.js";

const WORDS = {
  cancel: {
    summary: "Cancel what waits and stop what runs",
    description: "Cancel a batch: jobs that wait at once, jobs that run when their worker hears of it.",
    done: "cancelled, or told to stop",
  },
  retry: {
    summary: "Run again what failed or was cancelled",
    description: "Start every job of a batch anew that failed or was cancelled. What completed stays.",
    done: "started anew",
  },
} as const;

export function changeCommand(session: CliSession, action: keyof typeof WORDS): Command {
  const { summary, description, done } = WORDS[action];
  return defineCommand<{ yes?: boolean }>(session, {
    name: `${action} <id>`,
    summary,
    description,
    examples: [`lockstep batches ${action} 0199aa00-0000-7000-8000-000000000000 --yes`],
    settings: CLIENT_SETTINGS,
    options: [new Option("-y, --yes", "do not ask")],
    async run({ args, options, terminal, json, client }) {
      const api = client();
      const { name, jobs } = await api.get<Batch>(batchPath(args[0]));
      const question = `${action === "cancel" ? "Cancel" : "Retry"} batch ${safeLine(name)} of ${jobs} jobs?`;
      if (!(await confirm(question, { yes: options.yes === true, terminal }))) {
        terminal.note("Nothing was changed.");
        return EXIT.failed;
      }
      const answer = await api.post<{ changed: number; batch: Batch }>(`${batchPath(args[0])}/${action}`);
      if (json) terminal.json({ schema: "lockstep.batch-changed/1", ...answer });
      else {
        terminal.note(`${answer.changed} jobs ${done}`);
        terminal.out(batchText(answer.batch, terminal));
      }
      return EXIT.done;
    },
  });
}
