// Terminal escape sequences, and control characters other than tab and line feed.
const ESC = "\\u001b";
const BELL = "\\u0007";
const ESCAPES = new RegExp(
  `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\)?|[@-Z\\\\-_])|[^\\P{Cc}\\t\\n]`,
  "gu",
);
// Characters that change the text direction, which can make a text look like another one.
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * A job's text for display, without characters that move a terminal's cursor or reverse the
 * direction.
 */
export function plainText(text: string): string {
  return text.replace(ESCAPES, "").replace(DIRECTIONS, "\ufffd");
}
