import { stripVTControlCharacters } from "node:util";

// Cc: every control character of ASCII and Latin-1. The others change the direction or the order of
// the shown text.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const UNSAFE_BUT_NEWLINE = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from a job or a server as one line that cannot control the terminal: escapes and control
 * characters are removed.
 */
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

/**
 * JSON text with all control characters escaped: plain JSON does not escape DEL and the Latin-1
 * controls.
 */
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
