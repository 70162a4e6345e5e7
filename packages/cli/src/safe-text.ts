import { stripVTControlCharacters } from "node:util";

// Cc: every control character of ASCII and Latin-1. The rest change the direction or the order in which text is shown.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const UNSAFE_BUT_NEWLINE = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text from a job or a server as one line that cannot steer the terminal: escapes and control characters are removed. */
export function safeLine(text: string): string {
  return stripVTControlCharacters(text.replace(/\s+/g, " ")).replace(UNSAFE, "");
}

/** The same, but line feeds stay and a tab becomes spaces. */
export function safeLines(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n").replaceAll("\t", "  ")).replace(
    UNSAFE_BUT_NEWLINE,
    "",
  );
}

/** JSON text whose control characters are all escaped: JSON itself lets DEL and the controls of Latin-1 pass. */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  return text.replace(
    /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    escapeCharacter,
  );
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
