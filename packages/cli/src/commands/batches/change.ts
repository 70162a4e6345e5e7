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
    summary: "Cancel a batch",
    description:
      "Cancel a batch: pending jobs at once, running jobs when their worker receives the stop request.",
    done: "cancelled or asked to stop",
  },
  retry: {
    summary: "Run failed and cancelled jobs again",
    description: "Retry every job of a batch that failed or was cancelled. Completed jobs stay as they are.",
    done: "retried",
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
