import type { Command } from "commander";
import type { WorkerInfo } from "lockstep/internal/ledger";
import { CLIENT_SETTINGS, type CliSession, defineCommand, defineGroup } from "../command.js";
import { durationText } from "../duration-text.js";
import { safeLine } from "../safe-text.js";
import { type Column, renderTable } from "../table.js";
import type { Terminal } from "../terminal.js";

export function workersCommand(session: CliSession): Command {
  return defineGroup({ name: "workers", summary: "List workers", examples: ["lockstep workers list"] }, [
    listCommand(session),
  ]);
}

function listCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "list",
    summary: "List workers, their queues and kinds, and their last heartbeat",
    examples: ["lockstep workers list", "lockstep workers list --json | jq '.workers[] | select(.live)'"],
    settings: CLIENT_SETTINGS,
    async run({ terminal, json, client }) {
      const { workers } = await client().get<{ workers: WorkerInfo[] }>("/api/workers");
      if (json) return void terminal.json({ schema: "lockstep.workers/1", workers });
      if (workers.length === 0)
        return void terminal.note(
          "No workers. Start one with: lockstep worker (or lockstep up for all in one)",
        );
      terminal.out(renderTable(columns(terminal), workers, terminal.width));
    },
  });
}

function columns({ paint }: Terminal): readonly Column<WorkerInfo>[] {
  return [
    { title: "WORKER", cell: ({ id }) => id.slice(-12) },
    { title: "HOST", cell: ({ host, pid }) => safeLine(`${host}/${pid}`), shrinkTo: 10 },
    {
      title: "STATE",
      cell: ({ live, draining }) =>
        live ? (draining ? paint.yellow("draining") : paint.green("live")) : paint.red("silent"),
    },
    { title: "HEARD", cell: ({ heartbeat_age_seconds }) => `${durationText(heartbeat_age_seconds)} ago` },
    { title: "RUNNING", cell: ({ running, concurrency }) => `${running}/${concurrency}`, align: "right" },
    {
      title: "QUEUES",
      cell: ({ queues }) => (queues.length === 0 ? "all" : safeLine(queues.join(","))),
      shrinkTo: 8,
    },
    { title: "KINDS", cell: ({ kinds }) => safeLine(kinds.join(",")), shrinkTo: 8 },
  ];
}
