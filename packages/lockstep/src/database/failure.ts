import { DatabaseUnavailableError } from "../errors.js";
import { sqlState } from "./sql-state.js";
import { causeInWords } from "./unavailable-cause.js";

/**
 * Whether the server may be able to run the same statement later: it is down, starting, stopping,
 * out of connections or disk, or read-only after a failover; or it cancelled the statement because
 * of a timeout, or chose it as the victim of a deadlock. A pooler answers a statement with the
 * server's refusal to connect. Classes:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state === null) return true;
  if (isProtocolFault(error)) return false;
  const families = ["08", "28", "53", "57", "58", "40"];
  return families.includes(state.slice(0, 2)) || ["25006", "3D000", "55P03", "XX000"].includes(state);
}

/**
 * Whether the server refused a message of the program, such as a statement with too few parameters.
 * Poolers use the same SQLSTATE when they have no connection, but only the server names a routine.
 */
function isProtocolFault(error: unknown): boolean {
  return sqlState(error) === "08P01" && typeof error === "object" && error !== null && "routine" in error;
}

/**
 * Whether the connection must not be used again after this error. After a statement timeout the
 * answer may still arrive. A read-only server may have become a standby, which the check of the
 * next connection finds out.
 */
export function breaksConnection(error: unknown): boolean {
  const state = sqlState(error);
  if (state === null) return true;
  if (isProtocolFault(error)) return false;
  return ["08", "28", "57", "XX"].includes(state.slice(0, 2)) || state === "25006" || state === "3D000";
}

/**
 * Converts failures of the server or the connection while a statement runs into
 * DatabaseUnavailableError; other errors stay what they are.
 * @param where the database in words, such as `The database app at db:5432`
 */
export function asDatabaseError(error: unknown, where: string): unknown {
  return error instanceof DatabaseUnavailableError || !isUnavailable(error)
    ? error
    : unavailable(error, where);
}

/** A connection could not be opened, whatever the reason. */
export function unavailable(error: unknown, where: string): DatabaseUnavailableError {
  if (error instanceof DatabaseUnavailableError) return error;
  return new DatabaseUnavailableError(`${where} is unavailable: ${causeInWords(error)}.`, error);
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
