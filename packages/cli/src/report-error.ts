import { ERROR_CODES, LockstepError } from "lockstep/internal/errors";
import { ADVICE } from "./advice.js";
import { ApiError, ConnectionError, NotLockstepError } from "./client/api-error.js";
import { maskedAddress } from "./config.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { safeJson, safeLine } from "./safe-text.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** An error as reported to people: what happened, why, and what to do; and to scripts: a code. */
export interface ErrorReport {
  readonly code: string;
  readonly what: string;
  readonly why: string | null;
  readonly todo: string | null;
  readonly issues: readonly { readonly pointer: string; readonly detail: string }[];
  readonly requestId: string | null;
  readonly exitCode: ExitCode;
}

/** Reports on stderr what went wrong, in three lines or as one JSON document. */
export function reportError(error: unknown, terminal: Terminal, json: boolean): ExitCode {
  const report = describeError(error);
  if (json) {
    const {
      code,
      what: title,
      why: detail,
      todo,
      issues: errors,
      requestId: request_id,
      exitCode: exit_code,
    } = report;
    terminal.note(
      safeJson({ schema: "lockstep.error/1", code, title, detail, errors, todo, request_id, exit_code }),
    );
    return report.exitCode;
  }
  const { red, bold, dim } = terminal.paintNote;
  const issues = report.issues.map(({ pointer, detail }) => `${pointer} ${detail}`.trim());
  terminal.note(`${red(bold("error:"))} ${safeLine(report.what)}`);
  const why = issues.length > 0 ? issues.join("; ") : report.why;
  if (why)
    terminal.note(
      `  ${dim("why:")} ${safeLine(why)}${report.requestId === null ? "" : dim(` (request ${safeLine(report.requestId)})`)}`,
    );
  if (report.todo) terminal.note(`   ${dim("do:")} ${safeLine(report.todo)}`);
  return report.exitCode;
}

export function describeError(error: unknown): ErrorReport {
  const nothing = { why: null, todo: null, issues: [], requestId: null };
  if (error instanceof UsageError) {
    return {
      ...nothing,
      code: "USAGE",
      what: error.message,
      todo: "see --help for the usage",
      exitCode: EXIT.usage,
    };
  }
  if (error instanceof ApiError) return fromApi(error);
  if (error instanceof ConnectionError) {
    const todo = "start a server with: lockstep up (or set LOCKSTEP_URL to a running one)";
    return {
      ...nothing,
      code: "CONNECTION",
      what: `No connection to ${maskedUrl(error.url)}`,
      why: error.message,
      todo,
      exitCode: EXIT.failed,
    };
  }
  if (error instanceof NotLockstepError) {
    const todo = "check LOCKSTEP_URL; another program may use the port";
    return {
      ...nothing,
      code: "NOT_LOCKSTEP",
      what: `No Lockstep API at ${maskedUrl(error.url)}`,
      why: error.message,
      todo,
      exitCode: EXIT.failed,
    };
  }
  if (error instanceof LockstepError) return fromLockstep(error);
  const listenCode = listenErrorCode(error);
  if (listenCode !== null && error instanceof Error) {
    const what = listenCode === "EADDRINUSE" ? "The port is taken" : "Cannot listen on the port";
    return {
      ...nothing,
      code: listenCode,
      what,
      why: error.message,
      todo: "choose another port with --port; 0 takes any free one",
      exitCode: EXIT.failed,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    ...nothing,
    code: "INTERNAL",
    what: message === "" ? "Internal error" : message,
    exitCode: EXIT.failed,
  };
}

/** The system's error code when listening on a port failed; otherwise null. */
export function listenErrorCode(error: unknown): "EADDRINUSE" | "EACCES" | null {
  if (!(error instanceof Error) || !("syscall" in error) || error.syscall !== "listen" || !("code" in error))
    return null;
  return error.code === "EADDRINUSE" || error.code === "EACCES" ? error.code : null;
}

function fromApi({ status, problem }: ApiError): ErrorReport {
  return {
    code: problem.code,
    what: problem.title,
    why: problem.detail ?? null,
    todo: ADVICE[problem.code] ?? null,
    issues: problem.errors,
    requestId: status >= 500 ? (problem.request_id ?? null) : null,
    exitCode: exitCodeOf(problem.code, status),
  };
}

function fromLockstep(error: LockstepError): ErrorReport {
  const issues = error.issues.map(({ pointer, detail }) => ({
    pointer: error.code === "INVALID_CONFIG" ? pointer.slice(1) : pointer,
    detail,
  }));
  return {
    code: error.code,
    what: ERROR_CODES[error.code].title,
    why: error.message,
    todo: ADVICE[error.code] ?? null,
    issues,
    requestId: null,
    exitCode: exitCodeOf(error.code, error.httpStatus),
  };
}

function exitCodeOf(code: string, httpStatus: number): ExitCode {
  if (code === "INVALID_CONFIG") return EXIT.usage;
  if (code === "WAIT_TIMEOUT") return EXIT.waitTimedOut;
  if (code === "DATABASE_UNAVAILABLE" || code === "STATUS_UNKNOWN" || code === "VIEW_UNREADABLE")
    return EXIT.unknown;
  if (code === "PLAN_STALE") return EXIT.planStale;
  if (code === "PLAN_BRAKED") return EXIT.drift;
  return httpStatus === 401 || code === "FORBIDDEN" ? EXIT.notAuthorised : EXIT.failed;
}

function maskedUrl(text: string): string {
  return maskedAddress(text).replace(/\/$/, "");
}
