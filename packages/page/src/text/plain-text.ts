// Escape sequences of terminals, and control characters other than tab and line feed.
const ESC = "\\u001b";
const BELL = "\\u0007";
const ESCAPES = new RegExp(
  `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\)?|[@-Z\\\\-_])|[^\\P{Cc}\\t\\n]`,
  "gu",
);
// Characters that turn the direction of what follows, with which a text can be made to look like another.
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/** A text of a job as something to read: without what would move a terminal's cursor or turn the line around. */
export function plainText(text: string): string {
  return text.replace(ESCAPES, "").replace(DIRECTIONS, "\ufffd");
}
