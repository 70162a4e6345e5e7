import { sqlState } from "./sql-state.js";

const SERVER_TEXT_MAX = 300;

/** What the driver's errors without a code say. Its pool gives the first one, see `pool.ts`. */
export const POOL_BUSY = "timeout exceeded when trying to connect";
const DRIVER_TEXTS: Readonly<Record<string, string>> = {
  [POOL_BUSY]: "all connections of this process stayed busy for 5 seconds",
  "Connection terminated due to connection timeout": "the server did not answer within 5 seconds",
  "timeout expired": "the server did not answer within 5 seconds",
  "Query read timeout": "the server did not answer in time",
  "Connection terminated unexpectedly": "the connection was lost",
  "Connection terminated": "the connection was lost",
  "The server does not support SSL connections": "TLS failed: the server does not support SSL connections",
  "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string":
    "the server asks for a password, but the address has no password",
  "Cannot use a pool after calling end on the pool": "this process has closed its connections",
};

/** Of the operating system, by error code. */
const SYSTEM_CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens at that address",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the name of the host cannot be looked up",
  ETIMEDOUT: "the server did not answer in time",
  EHOSTUNREACH: "there is no route to the host",
  ENETUNREACH: "there is no route to the host",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  ENOENT: "there is no socket at that path",
  EACCES: "this process may not use the socket",
};

/** Of the server, by SQLSTATE. */
const SQL_STATES: Readonly<Record<string, string>> = {
  "08P01": "the pooler has no connection to the server",
  "25006": "the database is read-only",
  "28000": "the server does not admit this user from this address",
  "28P01": "the password was refused",
  "3D000": "there is no such database",
  "40001": "the statement met a concurrent one",
  "40P01": "the statement was chosen as the victim of a deadlock",
  "42501": "this user may not connect to the database",
  "53100": "the disk of the server is full",
  "53200": "the server has no free memory",
  "53300": "the server has no free connection",
  "55000": "the database does not accept connections",
  "55P03": "a lock did not become free in time",
  "57014": "the statement was cancelled, or took too long",
  "57P01": "an administrator ended the connection, or the server is stopping",
  "57P02": "a process of the server crashed",
  "57P03": "the server is starting or stopping",
  "57P04": "the database was dropped",
};

const TLS_CODE = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|EPROTO$|HOSTNAME_MISMATCH$)/;

/**
 * Why the database is unavailable, in words, with the code and the text of the server. Neither
 * contains a password.
 */
export function causeInWords(error: unknown): string {
  const text = textOf(error);
  const state = sqlState(error);
  if (state !== null) return `${SQL_STATES[state] ?? "the server refuses"} (${state}: ${text})`;
  const code = systemCode(error);
  if (code !== null && TLS_CODE.test(code)) return `TLS failed: ${text} (${code})`;
  if (code !== null && code in SYSTEM_CODES) return `${SYSTEM_CODES[code]} (${code})`;
  return DRIVER_TEXTS[text] ?? text;
}

function systemCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : "";
  return text === "" ? "the server did not answer" : (text.split("\n")[0] ?? "").slice(0, SERVER_TEXT_MAX);
}
