import { type Command, Option } from "commander";
import { CATCH_UPS, SCHEDULE_FIELDS } from "lockstep/internal/job";
import type { Schedule } from "lockstep/internal/ledger";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../command.js";
import { readInput } from "../job-input.js";
import { scheduleText } from "../schedule-text.js";
import { allowUnknownFlag, submitFieldsOfFlags, submitFlags } from "../submit-options.js";

interface CreateFlags {
  readonly timezone?: string;
  readonly catchUp?: string;
  readonly input?: string;
  readonly allowUnknown?: boolean;
}

export function createCommand(session: CliSession): Command {
  return defineCommand<CreateFlags>(session, {
    name: "create <name> <kind> <cron>",
    summary: "Create a recurring job",
    description:
      "Submit a job at each time of a cron expression: five fields (minute, hour, day of month, month, day of week), six with seconds before them, or a nickname such as @daily. Each time submits one job, however many servers run.",
    examples: [
      "lockstep schedules create nightly report '0 3 * * *' --timezone Europe/Berlin --input '{\"month\":\"last\"}'",
      "lockstep schedules create often report '*/15 * * * *' --input @job.json --unique-key often",
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--timezone <zone>", "of the cron expression, such as Europe/Berlin (default: UTC)"),
      new Option("--catch-up <which>", "which missed times are submitted later (default: one)").choices(
        CATCH_UPS,
      ),
      new Option("--input <json>", "the input: JSON, @file, or - for stdin (default: {})"),
      ...submitFlags(SCHEDULE_FIELDS),
      allowUnknownFlag(),
    ],
    async run({ args, options, terminal, json, client }) {
      const [name, kind, cron] = args;
      const schedule = await client().post<Schedule>("/api/schedules", {
        // JSON omits undefined members.
        body: {
          name,
          kind,
          cron,
          timezone: options.timezone,
          catch_up: options.catchUp,
          input: await readInput(options.input),
          ...submitFieldsOfFlags(options),
          allow_unknown: options.allowUnknown,
        },
      });
      if (json) terminal.json({ schema: "lockstep.schedule/1", ...schedule });
      else terminal.out(scheduleText(schedule));
    },
  });
}
