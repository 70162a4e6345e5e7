import { Command, InvalidArgumentError, Option } from "commander";
import { SETTINGS, type Setting } from "lockstep/internal/settings";
import { type ApiClient, createApiClient } from "./client/api-client.js";
import { type Config, type ConfigFlags, readConfig, type SettingName } from "./config.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import type { Terminal } from "./terminal.js";

/** What one run of the program has: where it prints, and the exit code it will end with. */
export interface Session {
  readonly terminal: Terminal;
  exitCode: ExitCode;
}

/** What a command is given when it runs. */
export interface Invocation<Options = object> {
  readonly args: readonly string[];
  readonly options: Options;
  readonly terminal: Terminal;
  readonly json: boolean;
  /** This command's flags that set a value of the configuration. */
  flags(): ConfigFlags;
  /**
   * The configuration with this command's flags.
   * @param ignored settings whose variables may be meant for another program
   * @throws LockstepError INVALID_CONFIG
   */
  config(ignored?: readonly SettingName[]): Config;
  /** A client of the API at LOCKSTEP_URL. */
  client(): ApiClient;
}

interface CommandSpec<Options> {
  /** Name and arguments, such as `get <id>`. */
  readonly name: string;
  readonly summary: string;
  /** More than the summary, for the command's own help. */
  readonly description?: string;
  readonly examples: readonly string[];
  /** Values of the configuration that have a flag here. */
  readonly settings?: readonly SettingName[];
  readonly options?: readonly Option[];
  run(invocation: Invocation<Options>): Promise<ExitCode | undefined> | ExitCode | undefined;
}

/** The settings of a command that calls the API. */
export const CLIENT_SETTINGS = ["url"] as const satisfies readonly SettingName[];

/** A command that does something, with `--json` and its examples in the help. */
export function defineCommand<Options = object>(session: Session, spec: CommandSpec<Options>): Command {
  const command = describe(spec).addOption(new Option("--json", "print JSON"));
  for (const option of spec.options ?? []) command.addOption(option);
  for (const name of spec.settings ?? [])
    if (SETTINGS[name].flag !== "") command.addOption(settingOption(name));
  return command.action(async () => {
    const options = command.opts();
    const flags = () => configFlags(options, spec.settings ?? []);
    const config = (ignored?: readonly SettingName[]) => loadConfig(flags(), session.terminal, ignored);
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
        client: () => {
          const { url, token } = config();
          return createApiClient(url, token);
        },
      })) ?? EXIT.done;
  });
}

/** A command that only holds others. */
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

function settingOption(name: SettingName): Option {
  const { flag, variable, meaning, value, fallback, preset }: Setting<unknown> = SETTINGS[name];
  const from = fallback ? `${variable}, default ${fallback}` : variable;
  const option = new Option(
    `${flag} ${preset === undefined ? `<${value}>` : `[${value}]`}`,
    `${meaning} (${from})`,
  );
  return preset === undefined ? option : option.preset(preset);
}

function configFlags(options: Readonly<Record<string, unknown>>, names: readonly SettingName[]): ConfigFlags {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const name of names) {
    const given =
      SETTINGS[name].flag === "" ? undefined : options[new Option(SETTINGS[name].flag).attributeName()];
    if (typeof given === "string") flags[name] = given;
  }
  return flags;
}

function loadConfig(flags: ConfigFlags, terminal: Terminal, ignored?: readonly SettingName[]): Config {
  const { config, warnings } = readConfig(flags, undefined, ignored);
  for (const warning of warnings) terminal.note(`${terminal.paintNote.yellow("warning:")} ${warning}`);
  return config;
}

/** An option's value as a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number, ${min} to ${max}.`);
    return value;
  };
}

/** An option's value as a positive number of seconds. */
export function secondsNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0)
    throw new InvalidArgumentError("It must be a positive number of seconds.");
  return value;
}

/** Collects an option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
