/** The five characters of an SQLSTATE, or null when the error does not come from the server. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  const { code } = error;
  const fromServer = "severity" in error || "routine" in error;
  return fromServer && typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
