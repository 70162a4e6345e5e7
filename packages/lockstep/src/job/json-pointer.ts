/** Builds a JSON pointer (RFC 6901) from the members and indexes that lead to a value. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
