import { Command } from "commander";
import { settingsOf } from "lockstep/internal/workload";
import type { CliSession } from "./command.js";
import { archiveCommand } from "./commands/archive.js";
import { batchesCommand } from "./commands/batches/index.js";
import { completionCommand } from "./commands/completion.js";
import { configCommand } from "./commands/config.js";
import { demoCommand } from "./commands/demo.js";
import { doctorCommand } from "./commands/doctor/index.js";
import { healthCommand } from "./commands/health.js";
import { jobsCommand } from "./commands/jobs/index.js";
import { keysCommand } from "./commands/keys.js";
import { kindsCommand } from "./commands/kinds.js";
import { migrateCommand } from "./commands/migrate.js";
import { queuesCommand } from "./commands/queues.js";
import { resultCommand } from "./commands/result.js";
import { schedulesCommand } from "./commands/schedules.js";
import { serverCommand } from "./commands/server.js";
import { submitCommand } from "./commands/submit.js";
import { upCommand } from "./commands/up.js";
import { workerCommand } from "./commands/worker.js";
import { workersCommand } from "./commands/workers.js";
import { readConfig } from "./config.js";
import { exampleOf } from "./example.js";
import { workloadCommand } from "./workload-command.js";

const EXAMPLE_COLUMNS = 34;

const FIRST_STEPS = `
First steps:
  $ lockstep demo --exit             see it work, with nothing else installed
  $ lockstep up                      run the API and a worker here
`;

const AFTER_HELP = `
Exit codes: 0 done, 1 failed, 2 drift found or a plan has changes, 3 partly applied, 4 not authorised,
  5 the waited-for job failed or was cancelled, 6 the plan is stale or used, 7 unknown because a store could not be read, 64 usage, 124 the wait timed out
Every command takes --json. Colours are off with NO_COLOR. lockstep config shows the configuration.`;

/** Builds the whole command tree. Building it has no side effects. */
export function buildProgram(session: CliSession, version: string): Command {
  const program = new Command("lockstep")
    .description("Background jobs whose status is never wrong.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .showHelpAfterError("(see --help for the usage)")
    .configureHelp({ showGlobalOptions: false })
    .addHelpText("after", () => `${FIRST_STEPS}${exampleStep(session)}${AFTER_HELP}`);
  const groups: readonly [string, readonly Command[]][] = [
    [
      "Run:",
      [
        upCommand(session),
        serverCommand(session),
        workerCommand(session),
        migrateCommand(session),
        demoCommand(session),
      ],
    ],
    [
      "Jobs:",
      [
        submitCommand(session),
        ...session.workloads.flatMap(({ commands }) =>
          commands.map((command) => workloadCommand(session, command)),
        ),
        jobsCommand(session),
        batchesCommand(session),
        resultCommand(session),
      ],
    ],
    [
      "Operate:",
      [
        queuesCommand(session),
        schedulesCommand(session),
        workersCommand(session),
        kindsCommand(session),
        keysCommand(session),
        archiveCommand(session),
        healthCommand(session),
      ],
    ],
    ["Repair:", [doctorCommand(session)]],
    ["This program:", [configCommand(session), completionCommand(session)]],
  ];
  for (const [heading, commands] of groups)
    for (const command of commands) program.addCommand(command.helpGroup(heading));
  forEachCommand(program, (command) => {
    if (command.commands.length > 0) command.helpCommand("help [command]", "show the help of a command");
    command
      .exitOverride()
      .configureOutput({ writeOut: session.terminal.write, writeErr: session.terminal.draw });
    if (command !== program)
      command.helpOption("-h, --help", "show this help").showHelpAfterError("(see --help for the usage)");
  });
  return program;
}

function exampleStep({ workloads }: CliSession): string {
  const { workloads: defaults } = readConfig({}, {}, { workloads: settingsOf(workloads) });
  const example = exampleOf(workloads, defaults);
  if (example === null) return "";
  const call = `lockstep ${example.command}`.padEnd(EXAMPLE_COLUMNS);
  return `  $ ${call} in another terminal: ${example.meaning}\n`;
}

export function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}
