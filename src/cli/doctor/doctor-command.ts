/** How the doctor's commands are called with the configuration that this one was given, to be copied from what is printed. */
export interface DoctorCommand {
  text(...words: readonly string[]): string;
  /** A sentence that names commands, with this configuration, and with an id in the place of ID. */
  inText(sentence: string, id: string): string;
}

/** @param configFile as it was given; null: the one that is found without being named */
export function doctorCommands(configFile: string | null): DoctorCommand {
  const config = configFile === null ? "" : ` --config ${shellWord(configFile)}`;
  const text = (...words: readonly string[]) => `lockstep doctor ${words.map(shellWord).join(" ")}${config}`;
  return {
    text,
    inText: (sentence, id) =>
      sentence.replace(/`lockstep doctor (\w+)( ID)?`/g, (_all, name: string, hasId?: string) =>
        hasId ? text(name, id) : text(name),
      ),
  };
}

/** A text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
