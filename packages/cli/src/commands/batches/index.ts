import type { Command } from "commander";
import { Option } from "commander";
import type { Batch } from "lockstep/internal/ledger";
import { BATCH_COLUMNS, batchText } from "../../batch-text.js";
import { CLIENT_SETTINGS, type CliSession, defineCommand, defineGroup, wholeNumber } from "../../command.js";
import { renderTable } from "../../table.js";
import { changeCommand } from "./change.js";
import { batchPath } from "./path.js";
import { resultsCommand } from "./results.js";
import { watchBatchCommand } from "./watch.js";

export function batchesCommand(session: CliSession): Command {
  return defineGroup(
    {
      name: "batches",
      summary: "List, read, follow, cancel and retry batches, and rank their results",
      examples: [
        "lockstep batches list",
        "lockstep batches results 0199aa00-0000-7000-8000-000000000000 --format csv -o scores.csv",
      ],
    },
    [
      listCommand(session),
      getCommand(session),
      watchBatchCommand(session),
      changeCommand(session, "cancel"),
      changeCommand(session, "retry"),
      resultsCommand(session),
    ],
  );
}

function listCommand(session: CliSession): Command {
  return defineCommand<{ limit: number }>(session, {
    name: "list",
    summary: "List batches, newest first, with exact counts",
    examples: ["lockstep batches list", "lockstep batches list --json | jq -r '.batches[].id'"],
    settings: CLIENT_SETTINGS,
    options: [new Option("--limit <n>", "how many").default(20).argParser(wholeNumber(1, 100))],
    async run({ options, terminal, json, client }) {
      const page = await client().get<{ batches: Batch[]; next: string | null }>("/api/batches", {
        query: { limit: options.limit },
      });
      if (json) return void terminal.json({ schema: "lockstep.batches/1", ...page });
      if (page.batches.length === 0) return void terminal.note("No batches.");
      terminal.out(renderTable(BATCH_COLUMNS, page.batches, terminal.width));
    },
  });
}

function getCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "get <id>",
    summary: "Show the progress of a batch",
    examples: ["lockstep batches get 0199aa00-0000-7000-8000-000000000000"],
    settings: CLIENT_SETTINGS,
    async run({ args, terminal, json, client }) {
      const batch = await client().get<Batch>(batchPath(args[0]));
      if (json) terminal.json({ schema: "lockstep.batch/1", ...batch });
      else terminal.out(batchText(batch, terminal));
    },
  });
}
