/** Completion scripts, generated from the command tree so that they never get out of date. */
import type { Command } from "commander";
import { bashCompletion } from "./bash.js";
import { fishCompletion } from "./fish.js";
import { completionPlaces } from "./tree.js";
import { zshCompletion } from "./zsh.js";

const WRITERS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export type Shell = keyof typeof WRITERS;

export const SHELLS = Object.keys(WRITERS) as Shell[];

export function completionScript(shell: Shell, program: Command): string {
  return WRITERS[shell](completionPlaces(program));
}
