import { maskedAddress } from "../config.js";

/** How the doctor's commands are called with the configuration that this one was given, to be copied from what is printed. */
export interface DoctorCommand {
  text(...words: readonly string[]): string;
  /** A sentence that names commands, with this configuration, and with an id in the place of ID. */
  inText(sentence: string, id: string): string;
}

/** As they were given; what is not there is found without being named. */
export interface GivenFlags {
  readonly config?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly resultPrefix?: string | undefined;
}

export function doctorCommands(given: GivenFlags): DoctorCommand {
  const flags: readonly (readonly [string, string | undefined])[] = [
    ["--config", given.config],
    ["--data-dir", given.dataDir],
    ["--database-url", masked(given.databaseUrl)],
    ["--redis-url", masked(given.redisUrl)],
    ["--result-prefix", given.resultPrefix],
  ];
  const tail = flags
    .map(([name, value]) => (value === undefined ? "" : ` ${name} ${shellWord(value)}`))
    .join("");
  const text = (...words: readonly string[]) => `lockstep doctor ${words.map(shellWord).join(" ")}${tail}`;
  return {
    text,
    inText: (sentence, id) =>
      sentence.replace(/`lockstep doctor (\w+)( ID)?`/g, (_all, name: string, hasId?: string) =>
        hasId ? text(name, id) : text(name),
      ),
  };
}

const masked = (address: string | undefined) => address && maskedAddress(address);

/** A text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
