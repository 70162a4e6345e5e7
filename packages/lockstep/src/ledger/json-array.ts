/** What must be escaped in a quoted element of an array. */
const ESCAPED = /["\\]/g;

/**
 * The text of an array of JSON texts, for a parameter of the type `jsonb[]`.
 * @example jsonArray(['{"a":1}']) // {"{\"a\":1}"}
 */
export function jsonArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll(ESCAPED, "\\$&")}"`).join(",")}}`;
}
