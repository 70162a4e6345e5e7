import type { Command } from "commander";
import type { QueueStats } from "lockstep/internal/ledger";
import { CLIENT_SETTINGS, type CliSession, defineCommand, defineGroup } from "../command.js";
import { agoText } from "../duration-text.js";
import { safeLine } from "../safe-text.js";
import { type Column, renderTable } from "../table.js";
import { limitCommand } from "./limit-queue.js";

export function queuesCommand(session: CliSession): Command {
  return defineGroup(
    {
      name: "queues",
      summary: "List, pause, resume and limit queues",
      examples: ["lockstep queues list", "lockstep queues pause default"],
    },
    [
      listCommand(session),
      changeCommand(session, "pause"),
      changeCommand(session, "resume"),
      limitCommand(session),
    ],
  );
}

function listCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "list",
    summary: "List queues with their pending and running jobs",
    examples: ["lockstep queues list --json | jq '.queues[] | select(.workers == 0)'"],
    settings: CLIENT_SETTINGS,
    async run({ terminal, json, client }) {
      const { queues } = await client().get<{ queues: QueueStats[] }>("/api/queues");
      if (json) return void terminal.json({ schema: "lockstep.queues/1", queues });
      if (queues.length === 0)
        return void terminal.note("No queues yet: a queue exists once a job has been submitted to it.");
      terminal.out(renderTable(columns(new Date().toISOString()), queues, terminal.width));
    },
  });
}

function changeCommand(session: CliSession, action: "pause" | "resume"): Command {
  return defineCommand(session, {
    name: `${action} <queue>`,
    summary:
      action === "pause"
        ? "Stop workers from claiming jobs of a queue"
        : "Let workers claim jobs of a queue again",
    description:
      action === "pause"
        ? "Stop workers from claiming jobs of a queue. Running jobs continue; submitted ones wait."
        : "Let workers claim jobs of a queue again.",
    examples: [`lockstep queues ${action} default`],
    settings: CLIENT_SETTINGS,
    async run({ args, terminal, json, client }) {
      const queue = await client().post<QueueStats>(
        `/api/queues/${encodeURIComponent(args[0] ?? "")}/${action}`,
      );
      if (json) return void terminal.json({ schema: "lockstep.queue/1", ...queue });
      terminal.out(
        `${safeLine(queue.queue)} is ${queue.paused_at === null ? "open" : "paused"}: ${count(queue.pending, queue)} pending, ${count(queue.running, queue)} running`,
      );
    },
  });
}

function columns(now: string): readonly Column<QueueStats>[] {
  return [
    { title: "QUEUE", cell: ({ queue }) => safeLine(queue), shrinkTo: 8 },
    { title: "STATE", cell: ({ paused_at }) => (paused_at === null ? "open" : "paused") },
    { title: "PENDING", cell: (queue) => count(queue.pending, queue), align: "right" },
    { title: "DELAYED", cell: (queue) => count(queue.delayed, queue), align: "right" },
    { title: "RUNNING", cell: (queue) => count(queue.running, queue), align: "right" },
    { title: "WORKERS", cell: ({ workers }) => `${workers}`, align: "right" },
    {
      title: "OLDEST",
      cell: ({ oldest_ready_at }) => (oldest_ready_at === null ? "-" : agoText(oldest_ready_at, now)),
    },
  ];
}

function count(value: number, { capped }: QueueStats): string {
  return capped && value >= 10_000 ? "10,000+" : value.toLocaleString("en");
}
