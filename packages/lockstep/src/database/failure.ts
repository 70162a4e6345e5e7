import { DatabaseUnavailableError } from "../errors.js";

/** The five characters of an SQLSTATE, or null when the error does not come from the server. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  const { code } = error;
  const fromServer = "severity" in error || "routine" in error;
  return fromServer && typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/**
 * Whether the server may be able to run the same statement later: it is down, starting, stopping,
 * out of connections or disk, or read-only after a failover; or it cancelled the statement because
 * of a timeout, or chose it as the victim of a deadlock. Classes:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isUnavailable(state: string | null): boolean {
  if (state === null) return true;
  const families = ["08", "53", "57", "58", "40"];
  return families.includes(state.slice(0, 2)) || state === "25006" || state === "55P03" || state === "XX000";
}

/**
 * Whether the connection can be used again after this error. After a statement timeout it cannot,
 * because the answer may still arrive.
 */
export function breaksConnection(state: string | null): boolean {
  return state === null || state.startsWith("08") || state.startsWith("57") || state.startsWith("XX");
}

/**
 * Runs a statement and converts failures of the server or the connection into
 * DatabaseUnavailableError.
 */
export function asDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseUnavailableError) return error;
  if (!isUnavailable(sqlState(error))) return error;
  return new DatabaseUnavailableError("The database cannot be reached, or did not answer in time.", error);
}

/**
 * Whether PostgreSQL refused the data itself, so that the same statement with this data fails
 * again.
 */
export function isDataError(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && (state.startsWith("22") || state.startsWith("54") || state === "23514");
}

/** Whether a unique index refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === "23505";
}
