import { Command, InvalidArgumentError, Option } from "commander";
import { SETTINGS, type Setting, type SettingTable } from "lockstep/internal/settings";
import * as workload from "lockstep/internal/workload";
import { type ApiClient, createApiClient } from "./client/api-client.js";
import { type Config, type ConfigFlags, type ConfigReport, readConfig, type SettingName } from "./config.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import type { Terminal } from "./terminal.js";

/** What one run of the program holds: its terminal, the workloads it knows, and its exit code. */
export interface CliSession {
  readonly terminal: Terminal;
  readonly workloads: readonly workload.Workload[];
  exitCode: ExitCode;
}

/** What a command receives when it runs. */
export interface Invocation<Options = object> {
  readonly args: readonly string[];
  readonly options: Options;
  readonly terminal: Terminal;
  readonly json: boolean;
  /** This command's flags that set a configuration value. */
  flags(): ConfigFlags;
  /**
   * The configuration with this command's flags.
   * @param ignored settings whose variables may be intended for another program
   * @throws LockstepError INVALID_CONFIG
   */
  config(ignored?: readonly SettingName[]): Config;
  /**
   * The same with the workloads' settings, the origin of each value, and warnings, which are not
   * printed.
   */
  report(): ConfigReport;
  /** A client of the API at LOCKSTEP_URL. */
  client(): ApiClient;
}

interface CommandSpec<Options> {
  /** Name and arguments, such as `get <id>`. */
  readonly name: string;
  readonly summary: string;
  /** Text below the summary in the command's own help. */
  readonly description?: string;
  readonly examples: readonly string[];
  /** Configuration settings that have a flag on this command. */
  readonly settings?: readonly SettingName[];
  /** Whether the settings of the workloads have flags here too. */
  readonly runsWorkloads?: boolean;
  readonly options?: readonly Option[];
  run(invocation: Invocation<Options>): Promise<ExitCode | undefined> | ExitCode | undefined;
}

/** The settings of a command that calls the API. */
export const CLIENT_SETTINGS = ["url"] as const satisfies readonly SettingName[];

/** Defines a command that does something, with `--json` and examples in its help. */
export function defineCommand<Options = object>(session: CliSession, spec: CommandSpec<Options>): Command {
  const command = describe(spec).addOption(new Option("--json", "print JSON"));
  for (const option of spec.options ?? []) command.addOption(option);
  const workloads = workload.settingsOf(session.workloads);
  const own = (spec.settings ?? []).map((name): [string, Setting<unknown>] => [name, SETTINGS[name]]);
  const flagged = Object.fromEntries([...own, ...(spec.runsWorkloads ? Object.entries(workloads) : [])]);
  for (const setting of Object.values(flagged))
    if (setting.flag !== "") command.addOption(settingOption(setting));
  return command.action(async () => {
    const options = command.opts();
    const flags = () => configFlags(options, flagged);
    const report = (ignored: readonly SettingName[] = []) =>
      readConfig(flags(), undefined, { ignored, workloads });
    const config = (ignored?: readonly SettingName[]) => {
      const read = report(ignored);
      warn(read.warnings, session.terminal);
      return read.config;
    };
    session.exitCode =
      (await spec.run({
        args: command.processedArgs
          .flat()
          .filter((argument): argument is string => typeof argument === "string"),
        options: options as Options,
        terminal: session.terminal,
        json: options.json === true,
        flags,
        config,
        report: () => report(),
        client: () => {
          const { url, token } = config();
          return createApiClient(url, token);
        },
      })) ?? EXIT.done;
  });
}

/** Defines a command that only holds other commands. */
export function defineGroup(
  spec: { name: string; summary: string; examples: readonly string[] },
  commands: readonly Command[],
): Command {
  const group = describe(spec);
  for (const command of commands) group.addCommand(command);
  return group;
}

function describe(spec: {
  name: string;
  summary: string;
  description?: string;
  examples: readonly string[];
}): Command {
  const examples = spec.examples.map((example) => `  $ ${example}`).join("\n");
  const [name = "", ...args] = spec.name.split(" ");
  const command = new Command(name).summary(spec.summary).description(spec.description ?? `${spec.summary}.`);
  for (const argument of args) command.argument(argument);
  return command.addHelpText(
    "after",
    `\n${spec.examples.length === 1 ? "Example" : "Examples"}:\n${examples}`,
  );
}

function settingOption({ flag, variable, meaning, value, fallback, preset }: Setting<unknown>): Option {
  const from = fallback ? `${variable}, default ${fallback}` : variable;
  const option = new Option(
    `${flag} ${preset === undefined ? `<${value}>` : `[${value}]`}`,
    `${meaning} (${from})`,
  );
  return preset === undefined ? option : option.preset(preset);
}

function configFlags(options: Readonly<Record<string, unknown>>, table: SettingTable): ConfigFlags {
  const flags: Record<string, string> = {};
  for (const [name, { flag }] of Object.entries(table)) {
    const given = flag === "" ? undefined : options[new Option(flag).attributeName()];
    if (typeof given === "string") flags[name] = given;
  }
  return flags;
}

export function warn(warnings: readonly string[], terminal: Terminal): void {
  for (const warning of warnings) terminal.note(`${terminal.paintNote.yellow("warning:")} ${warning}`);
}

/** Parses an option's value, and reports a wrong value as a usage error. */
function optionValue<Value>(read: workload.OptionValue<Value>): (text: string) => Value {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw error instanceof RangeError ? new InvalidArgumentError(error.message) : error;
    }
  };
}

/** An option as commander expects it. */
export function optionOf({ flags, description, value, required, conflicts }: workload.CommandOption): Option {
  const option = new Option(flags, description);
  if (value !== undefined) option.argParser(optionValue(value));
  if (conflicts !== undefined) option.conflicts([...conflicts]);
  return option.makeOptionMandatory(required === true);
}

/** Parses an option's value as a whole number within bounds. */
export const wholeNumber = (min: number, max: number) => optionValue(workload.wholeNumber(min, max));

/** Parses an option's value as a positive number of seconds. */
export const secondsNumber = optionValue(workload.secondsNumber);

/** Collects an option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
