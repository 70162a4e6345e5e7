import type { Command, Option } from "commander";

/** What a shell can offer at one command. */
export interface Place {
  /**
   * The words that lead to the command, without the program's name: empty for the program itself.
   */
  readonly path: readonly string[];
  readonly commands: readonly Word[];
  readonly flags: readonly Flag[];
}

export interface Word {
  readonly word: string;
  readonly summary: string;
}

export interface Flag {
  /** All its spellings, such as `-y` and `--yes`. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** Every command, parents before children, in the order of the help. */
export function completionPlaces(command: Command, path: readonly string[] = []): readonly Place[] {
  const help = command.createHelp();
  const children = help.visibleCommands(command).filter((child) => child.name() !== "help");
  const place: Place = {
    path,
    commands: children.map((child) => ({
      word: child.name(),
      summary: plain(child.summary() || child.description()),
    })),
    flags: help.visibleOptions(command).map(flagOf),
  };
  return [place, ...children.flatMap((child) => completionPlaces(child, [...path, child.name()]))];
}

function flagOf(option: Option): Flag {
  return {
    words: option.flags.split(/[ ,|]+/).filter((word) => word.startsWith("-")),
    summary: plain(option.description),
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  };
}

/** Keeps only characters that have no special meaning to a shell, in any kind of quotes. */
function plain(text: string): string {
  return text
    .replace(/[^A-Za-z0-9 .,;()_=/-]/g, " ")
    .replace(/ +/g, " ")
    .trim();
}
