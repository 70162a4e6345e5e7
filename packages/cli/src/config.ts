import { type Issue, LockstepError } from "lockstep/internal/errors";
import { nearestName } from "lockstep/internal/nearest-name";
import { SETTINGS, type Setting, type SettingTable, type SettingValues } from "lockstep/internal/settings";

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** The whole configuration, validated and frozen. Paths are absolute. */
export type Config = SettingValues<typeof SETTINGS>;

/** Flags from the command line: texts by setting name, validated here with everything else. */
export type ConfigFlags = Readonly<Record<string, string | undefined>>;

export interface ReadOptions {
  /** Settings whose variables are not read, because they may be intended for another program. */
  readonly ignored?: readonly SettingName[];
  /** The settings of workloads, read the same way as Lockstep's own. */
  readonly workloads?: SettingTable;
}

export interface SettingReport {
  readonly name: string;
  readonly variable: string;
  /** With secrets masked. */
  readonly value: unknown;
  readonly origin: "flag" | "environment" | "default";
  readonly meaning: string;
}

export interface ConfigReport {
  readonly config: Config;
  /** The values of the workloads' settings. */
  readonly workloads: Readonly<Record<string, unknown>>;
  readonly settings: readonly SettingReport[];
  /** One sentence for each variable that looks misspelt. */
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration from flags and environment. An empty variable counts as unset.
 * @throws LockstepError INVALID_CONFIG that lists every invalid value, each at its flag or variable
 */
export function readConfig(
  flags: ConfigFlags = {},
  environment: Environment = process.env,
  { ignored = [], workloads = {} }: ReadOptions = {},
): ConfigReport {
  const table: SettingTable = { ...SETTINGS, ...workloads };
  const left: readonly string[] = ignored;
  const issues: Issue[] = [];
  const values: Record<string, unknown> = {};
  const settings: SettingReport[] = [];
  const port = flags.port ?? environment[SETTINGS.port.variable];
  for (const [name, setting] of Object.entries(table)) {
    const fallback = name === "url" && port ? `http://127.0.0.1:${port}` : setting.fallback;
    const variables = left.includes(name) ? {} : environment;
    const { text, origin } = find(setting, flags[name], variables, fallback);
    const parsed = text === null ? { success: true as const, data: null } : setting.schema.safeParse(text);
    if (!parsed.success) {
      if (origin === "default") continue; // derived from a port that has its own issue
      const pointer = `/${origin === "flag" ? setting.flag : setting.variable}`;
      issues.push({ pointer, detail: parsed.error.issues[0]?.message ?? "is not valid" });
    } else {
      values[name] = parsed.data;
      settings.push({
        name,
        variable: setting.variable,
        value: mask(setting, parsed.data),
        origin,
        meaning: setting.meaning,
      });
    }
  }
  if (issues.length > 0) throw new LockstepError("INVALID_CONFIG", configIssuesText(issues), { issues });
  const pick = (names: readonly string[]) =>
    Object.freeze(Object.fromEntries(names.map((name) => [name, values[name]])));
  return {
    config: pick(SETTING_NAMES) as Config,
    workloads: pick(Object.keys(workloads)),
    settings,
    warnings: misspeltVariables(environment, table),
  };
}

function find(
  setting: Setting<unknown>,
  flag: string | undefined,
  environment: Environment,
  fallback: string | null,
) {
  if (flag !== undefined) return { text: flag, origin: "flag" as const };
  const variable = environment[setting.variable];
  if (variable !== undefined && variable !== "") return { text: variable, origin: "environment" as const };
  return { text: fallback, origin: "default" as const };
}

function configIssuesText(issues: readonly Issue[]): string {
  return `${issues.length} ${issues.length === 1 ? "value is" : "values are"} not valid: ${issues.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`).join("; ")}`;
}

function mask(setting: Setting<unknown>, value: unknown): unknown {
  if (typeof value !== "string" || setting.secret === undefined) return value;
  return setting.secret === "all" ? "***" : maskedAddress(value);
}

/** An address without its secrets, for display. */
export function maskedAddress(address: string): string {
  if (!URL.canParse(address)) return "***";
  const url = new URL(address);
  const secretKeys = [...url.searchParams.keys()].filter((key) => /pass|secret|token|key/i.test(key));
  if (url.password === "" && secretKeys.length === 0) return address;
  if (url.password !== "") url.password = "***";
  for (const key of secretKeys) url.searchParams.set(key, "***");
  return url.href;
}

function misspeltVariables(environment: Environment, table: SettingTable): string[] {
  const variables = Object.values(table).map(({ variable }) => variable);
  const unknown = Object.keys(environment).filter(
    (name) => /^LOCKSTEP_/i.test(name) && !variables.includes(name),
  );
  return unknown
    .filter((name) => !name.startsWith("LOCKSTEP_TEST_"))
    .map((name) => {
      const nearest = nearestName(name.toUpperCase(), variables);
      return `${name} is not a variable that Lockstep reads${nearest === null ? "" : `; did you mean ${nearest}?`}`;
    });
}

/**
 * The environment variables, for files that refer to them: passwords need not be written in files.
 */
export function readVariables(environment: Environment = process.env): Environment {
  return { ...environment };
}

/** The environment's settings for colour and width of the command line's output. */
export interface TerminalEnvironment {
  /** true: always, false: never, null: only when the stream is a terminal. */
  readonly color: boolean | null;
  /** From COLUMNS; null: ask the terminal. */
  readonly columns: number | null;
}

/** Reads NO_COLOR (https://no-color.org), FORCE_COLOR, TERM and COLUMNS. */
export function readTerminalEnvironment(environment: Environment = process.env): TerminalEnvironment {
  const columns = Number(environment.COLUMNS);
  return {
    color: colorChoice(environment),
    columns: Number.isInteger(columns) && columns >= 20 ? columns : null,
  };
}

function colorChoice(environment: Environment): boolean | null {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== "0";
  return environment.TERM === "dumb" ? false : null;
}
