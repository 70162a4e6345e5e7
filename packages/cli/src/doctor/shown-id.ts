import { safeJson, safeLine } from "../safe-text.js";

const CHARACTERS_MAX = 120;

/**
 * Formats a job's id so that it cannot be confused with another: as JSON when it is empty or
 * contains invisible characters, and truncated when it is long.
 */
export function shownId(id: string): string {
  const text = isPlain(id) ? id : safeJson(id);
  if (text.length <= CHARACTERS_MAX) return text;
  return `${text.slice(0, CHARACTERS_MAX)}… (${id.length.toLocaleString("en")} characters)`;
}

/** Returns one of these ids that can be copied into a command; `ID` when none can. */
export function copiedId(ids: readonly string[]): string {
  return ids.find((id) => isPlain(id) && id.length <= CHARACTERS_MAX) ?? "ID";
}

function isPlain(id: string): boolean {
  return id !== "" && id.trim() === id && safeLine(id) === id;
}
