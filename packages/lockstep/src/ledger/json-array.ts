/** What must be escaped in a quoted element of an array. */
const ESCAPED = /["\\]/g;
/** Outside of its escapes, JSON has no such character, so it can stand between two texts. */
const BETWEEN = "\u0001";

/**
 * The text of an array of JSON texts, for a parameter of the type `jsonb[]`.
 * @throws RangeError when a text is not JSON because it has a control character
 * @example jsonArray(['{"a":1}']) // {"{\"a\":1}"}
 */
export function jsonArray(texts: readonly string[]): string {
  if (texts.length === 0) return "{}";
  // One expression for all texts: one for each was a tenth of what a settled job costs.
  const escaped = texts.join(BETWEEN).replaceAll(ESCAPED, "\\$&").split(BETWEEN);
  if (escaped.length !== texts.length) throw new RangeError("a text with a control character is not JSON");
  return `{"${escaped.join('","')}"}`;
}
