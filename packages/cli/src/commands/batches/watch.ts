import type { Command } from "commander";
import type { Batch } from "lockstep/internal/ledger";
import { batchText } from "../../batch-text.js";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../../command.js";
import { followBatch, reportBatchEnd } from "../../follow-batch.js";
import { waitTimeoutOption } from "../../wait-for-job.js";
import { batchPath } from "./path.js";

export function watchBatchCommand(session: CliSession): Command {
  return defineCommand<{ waitTimeout?: number }>(session, {
    name: "watch <id>",
    summary: "Follow a batch until all its jobs have ended",
    description: "Follow a batch until all its jobs have ended. Exit code 5 when some did not complete.",
    examples: ["lockstep batches watch 0199aa00-0000-7000-8000-000000000000"],
    settings: CLIENT_SETTINGS,
    options: [waitTimeoutOption()],
    async run({ args, options, terminal, json, client }) {
      const api = client();
      const { id } = await api.get<Batch>(batchPath(args[0]));
      const batch = await followBatch(api, id, { timeoutSeconds: options.waitTimeout ?? null, terminal });
      const exitCode = reportBatchEnd(batch, terminal);
      if (json) terminal.json({ schema: "lockstep.batch/1", ...batch });
      else terminal.out(batchText(batch, terminal));
      return exitCode;
    },
  });
}
