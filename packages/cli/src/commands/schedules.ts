import { type Command, Option } from "commander";
import type { Schedule } from "lockstep/internal/ledger";
import { CLIENT_SETTINGS, type CliSession, defineCommand, defineGroup } from "../command.js";
import { confirm } from "../confirm.js";
import { EXIT } from "../exit-codes.js";
import { safeLine } from "../safe-text.js";
import { scheduleColumns, scheduleText } from "../schedule-text.js";
import { renderTable } from "../table.js";
import { createCommand } from "./create-schedule.js";

export function schedulesCommand(session: CliSession): Command {
  return defineGroup(
    {
      name: "schedules",
      summary: "List, create, pause and delete recurring jobs",
      examples: [
        "lockstep schedules create nightly report '0 3 * * *' --timezone Europe/Berlin --input @job.json",
        "lockstep schedules list",
      ],
    },
    [
      listCommand(session),
      createCommand(session),
      changeCommand(session, "pause"),
      changeCommand(session, "resume"),
      deleteCommand(session),
    ],
  );
}

function listCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "list",
    summary: "List recurring jobs and their next times",
    examples: ["lockstep schedules list", "lockstep schedules list --json | jq -r '.schedules[].name'"],
    settings: CLIENT_SETTINGS,
    async run({ terminal, json, client }) {
      const { schedules, as_of } = await client().get<{ schedules: Schedule[]; as_of: string }>(
        "/api/schedules",
      );
      if (json) return void terminal.json({ schema: "lockstep.schedules/1", schedules });
      if (schedules.length === 0) return void terminal.note("No schedules.");
      terminal.out(renderTable(scheduleColumns(as_of), schedules, terminal.width));
    },
  });
}

function changeCommand(session: CliSession, action: "pause" | "resume"): Command {
  const summary =
    action === "pause"
      ? "Stop a recurring job from being submitted"
      : "Let a recurring job be submitted again";
  return defineCommand(session, {
    name: `${action} <name>`,
    summary,
    description:
      action === "pause"
        ? `${summary}. Jobs that were already submitted continue.`
        : `${summary}, starting with its next time. Times that passed while it was paused are skipped.`,
    examples: [`lockstep schedules ${action} nightly`],
    settings: CLIENT_SETTINGS,
    async run({ args, terminal, json, client }) {
      const schedule = await client().post<Schedule>(`${pathOf(args[0])}/${action}`);
      if (json) terminal.json({ schema: "lockstep.schedule/1", ...schedule });
      else terminal.out(scheduleText(schedule));
    },
  });
}

function deleteCommand(session: CliSession): Command {
  return defineCommand<{ yes?: boolean }>(session, {
    name: "delete <name>",
    summary: "Delete a schedule",
    description: "Delete a schedule. The jobs it has submitted stay.",
    examples: ["lockstep schedules delete nightly --yes"],
    settings: CLIENT_SETTINGS,
    options: [new Option("-y, --yes", "do not ask")],
    async run({ args, options, terminal, json, client }) {
      const name = args[0] ?? "";
      if (!(await confirm(`Delete schedule ${safeLine(name)}?`, { yes: options.yes === true, terminal }))) {
        terminal.note("Not deleted.");
        return EXIT.failed;
      }
      await client().delete(pathOf(name));
      if (json) terminal.json({ schema: "lockstep.schedule-deleted/1", name });
      else terminal.out(`Deleted ${safeLine(name)}.`);
      return EXIT.done;
    },
  });
}

function pathOf(name = ""): string {
  return `/api/schedules/${encodeURIComponent(name)}`;
}
