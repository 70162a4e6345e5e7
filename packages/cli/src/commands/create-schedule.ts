import { type Command, Option } from "commander";
import type { Schedule } from "lockstep/internal/ledger";
import {
  CLIENT_SETTINGS,
  collect,
  defineCommand,
  type Session,
  secondsNumber,
  wholeNumber,
} from "../command.js";
import { readInput } from "../job-input.js";
import { scheduleText } from "../schedule-text.js";

interface CreateFlags {
  readonly timezone?: string;
  readonly catchUp?: string;
  readonly input?: string;
  readonly queue?: string;
  readonly priority?: number;
  readonly maxAttempts?: number;
  readonly timeout?: number;
  readonly uniqueKey?: string;
  readonly tag?: readonly string[];
}

export function createCommand(session: Session): Command {
  return defineCommand<CreateFlags>(session, {
    name: "create <name> <kind> <cron>",
    summary: "Create a recurring job",
    description:
      "Submit a job at each time of a cron expression: five fields (minute, hour, day of month, month, day of week), six with seconds before them, or a nickname such as @daily. Each time is submitted for once, however many servers run.",
    examples: [
      "lockstep schedules create nightly scan '0 3 * * *' --timezone Europe/Berlin --input '{\"path\":\"/srv/app\"}'",
      "lockstep schedules create often scan '*/15 * * * *' --input @job.json --unique-key often",
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--timezone <zone>", "of the cron expression, such as Europe/Berlin (default: UTC)"),
      new Option(
        "--catch-up <which>",
        "which of the times that were missed are made up for (default: one)",
      ).choices(["none", "one", "all"]),
      new Option("--input <json>", "the input: JSON, @file, or - for stdin (default: {})"),
      new Option("--queue <name>", "the queue it waits in (default: the kind's)"),
      new Option("--priority <n>", "-32768 to 32767; smaller runs first (default: 0)").argParser(
        wholeNumber(-32_768, 32_767),
      ),
      new Option("--max-attempts <n>", "attempts in all (default: the kind's)").argParser(
        wholeNumber(1, 1_000),
      ),
      new Option("--timeout <seconds>", "how long one attempt may take (default: the kind's)").argParser(
        secondsNumber,
      ),
      new Option(
        "--unique-key <key>",
        "submit none while a job of the kind with this key is pending or running",
      ),
      new Option("--tag <tag>", "a label for filters; may be given again").argParser(collect),
    ],
    async run({ args, options, terminal, json, client }) {
      const [name, kind, cron] = args;
      const schedule = await client().post<Schedule>("/api/schedules", {
        body: { name, kind, cron, input: await readInput(options.input), ...bodyOf(options) },
      });
      if (json) terminal.json({ schema: "lockstep.schedule/1", ...schedule });
      else terminal.out(scheduleText(schedule));
    },
  });
}

/** What was not given is left out, for JSON leaves out what is undefined. */
function bodyOf(options: CreateFlags) {
  return {
    timezone: options.timezone,
    catch_up: options.catchUp,
    queue: options.queue,
    priority: options.priority,
    max_attempts: options.maxAttempts,
    timeout_ms: options.timeout === undefined ? undefined : Math.round(options.timeout * 1_000),
    unique_key: options.uniqueKey,
    tags: options.tag,
  };
}
