import { maskedAddress } from "../config.js";

/**
 * Formats the doctor's commands with the configuration of this call, so that they can be copied
 * from the output.
 */
export interface DoctorCommand {
  text(...words: readonly string[]): string;
  /** Adds this configuration to the commands in a sentence, and replaces ID with an id. */
  inText(sentence: string, id: string): string;
}

/** The options as given; options that were not given are left out. */
export interface GivenFlags {
  readonly config?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly schema?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly resultPrefix?: string | undefined;
}

export function doctorCommands(given: GivenFlags): DoctorCommand {
  const flags: readonly (readonly [string, string | undefined])[] = [
    ["--config", given.config],
    ["--data-dir", given.dataDir],
    ["--database-url", masked(given.databaseUrl)],
    ["--schema", given.schema],
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
