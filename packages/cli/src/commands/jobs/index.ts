import type { Command } from "commander";
import { type CliSession, defineGroup } from "../../command.js";
import { cancelCommand, retryCommand } from "./change.js";
import { explainCommand } from "./explain.js";
import { getCommand } from "./get.js";
import { listCommand } from "./list.js";
import { logsCommand } from "./logs.js";
import { watchCommand } from "./watch.js";

export function jobsCommand(session: CliSession): Command {
  return defineGroup(
    {
      name: "jobs",
      summary: "List, read, follow, cancel and retry jobs",
      examples: ["lockstep jobs list --status running", "lockstep jobs watch"],
    },
    [
      listCommand(session),
      getCommand(session),
      watchCommand(session),
      logsCommand(session),
      cancelCommand(session),
      retryCommand(session),
      explainCommand(session),
    ],
  );
}
