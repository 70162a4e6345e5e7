import { type Fault, LockstepError } from "lockstep/internal/errors";
import { nearestName } from "lockstep/internal/nearest-name";
import { SETTINGS, type Setting } from "lockstep/internal/settings";

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

type ValueOf<S> =
  S extends Setting<infer Value> ? (S extends { readonly fallback: string } ? Value : Value | null) : never;

/** The whole configuration, checked and frozen. Paths are absolute. */
export type Config = { readonly [Name in SettingName]: ValueOf<(typeof SETTINGS)[Name]> };

/** Flags as the command line gives them: texts, checked here with everything else. */
export type ConfigFlags = Partial<Readonly<Record<SettingName, string>>>;

export interface SettingReport {
  readonly name: SettingName;
  readonly variable: string;
  /** With secrets masked. */
  readonly value: unknown;
  readonly origin: "flag" | "environment" | "default";
  readonly meaning: string;
}

export interface ConfigReport {
  readonly config: Config;
  readonly settings: readonly SettingReport[];
  /** One sentence for each variable that looks like a misspelt one. */
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration from flags and environment. An empty variable counts as unset.
 * @param ignored settings whose variables are not read, for they may be meant for another program
 * @throws LockstepError INVALID_CONFIG that lists every fault, each at the flag or variable it came from
 */
export function readConfig(
  flags: ConfigFlags = {},
  environment: Environment = process.env,
  ignored: readonly SettingName[] = [],
): ConfigReport {
  const faults: Fault[] = [];
  const values: Record<string, unknown> = {};
  const settings: SettingReport[] = [];
  const port = flags.port ?? environment[SETTINGS.port.variable];
  for (const name of SETTING_NAMES) {
    const setting: Setting<unknown> = SETTINGS[name];
    const fallback = name === "url" && port ? `http://127.0.0.1:${port}` : setting.fallback;
    const variables = ignored.includes(name) ? {} : environment;
    const { text, origin } = find(setting, flags[name], variables, fallback);
    const parsed = text === null ? { success: true as const, data: null } : setting.schema.safeParse(text);
    if (!parsed.success) {
      if (origin === "default") continue; // it was derived from a port that is reported itself
      const pointer = `/${origin === "flag" ? setting.flag : setting.variable}`;
      faults.push({ pointer, detail: parsed.error.issues[0]?.message ?? "is not valid" });
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
  if (faults.length > 0) throw new LockstepError("INVALID_CONFIG", configFaultsText(faults), { faults });
  return { config: Object.freeze(values) as Config, settings, warnings: misspeltVariables(environment) };
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

function configFaultsText(faults: readonly Fault[]): string {
  return `${faults.length} ${faults.length === 1 ? "value is" : "values are"} not valid: ${faults.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`).join("; ")}`;
}

function mask(setting: Setting<unknown>, value: unknown): unknown {
  if (typeof value !== "string" || setting.secret === undefined) return value;
  return setting.secret === "all" ? "***" : maskedAddress(value);
}

/** An address without what is secret in it, to be shown. */
export function maskedAddress(address: string): string {
  if (!URL.canParse(address)) return "***";
  const url = new URL(address);
  const secretKeys = [...url.searchParams.keys()].filter((key) => /pass|secret|token|key/i.test(key));
  if (url.password === "" && secretKeys.length === 0) return address;
  if (url.password !== "") url.password = "***";
  for (const key of secretKeys) url.searchParams.set(key, "***");
  return url.href;
}

const VARIABLES = Object.values(SETTINGS).map((setting) => setting.variable as string);

function misspeltVariables(environment: Environment): string[] {
  const unknown = Object.keys(environment).filter(
    (name) => /^LOCKSTEP_/i.test(name) && !VARIABLES.includes(name),
  );
  return unknown
    .filter((name) => !name.startsWith("LOCKSTEP_TEST_"))
    .map((name) => {
      const nearest = nearestName(name.toUpperCase(), VARIABLES);
      return `${name} is not a variable that Lockstep reads${nearest === null ? "" : `; did you mean ${nearest}?`}`;
    });
}

/** The environment's variables, for files that name them: passwords need not be written down. */
export function readVariables(environment: Environment = process.env): Environment {
  return { ...environment };
}

/** What the environment says about colour and width, for the command line's output. */
export interface TerminalEnvironment {
  /** true: always, false: never, null: where the stream is a terminal. */
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
