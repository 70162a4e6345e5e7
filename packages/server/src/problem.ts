import { ERROR_CODES, type ErrorCode, type Issue, LockstepError } from "lockstep/internal/errors";

export const ISSUES_SHOWN_MAX = 100;
const RETRY_AFTER_DEFAULT_SECONDS = 2;

/** The parts of a request besides the body; an issue's pointer then points into that part. */
export type IssuePlace = "query" | "path" | "header";

/** An issue and, when it is not in the body, the part of the request it is in. */
export interface LocatedIssue extends Issue {
  readonly in?: IssuePlace;
}

/** An RFC 9457 problem document. */
export interface Problem {
  /** A URI reference: where the code is explained. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly request_id: string;
  readonly errors: readonly LocatedIssue[];
}

// Used instead of an error's own message if that could contain hosts, statements or values.
const FIXED_DETAILS: Partial<Record<ErrorCode, string>> = {
  DATABASE_UNAVAILABLE:
    "The database did not answer. A write may or may not have been recorded: repeat it, with the same Idempotency-Key if it is a submit.",
};
const FRAMEWORK_DETAILS: Partial<Record<ErrorCode, string>> = {
  UNSUPPORTED_MEDIA_TYPE:
    "This address does not accept a body of this content type: JSON is sent as application/json, a form with files as multipart/form-data.",
};
const INTERNAL_DETAIL = "The server failed to answer. Its log has the cause under this request_id.";

// The codes of Fastify and its plugins. All their other errors below 500 are malformed requests.
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "BODY_TOO_LARGE",
  FST_REQ_FILE_TOO_LARGE: "BODY_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
  FST_INVALID_MULTIPART_CONTENT_TYPE: "UNSUPPORTED_MEDIA_TYPE",
  FST_ERR_MAX_PARAM_LENGTH: "NOT_FOUND",
};

/**
 * Turns any thrown value into an error for which this API has a code. Its cause keeps the original,
 * for the log.
 */
export function toLockstepError(error: unknown): LockstepError {
  if (error instanceof LockstepError) return error;
  if (error instanceof Error && "code" in error && "statusCode" in error) {
    const { code, statusCode } = error;
    const known = FRAMEWORK_CODES[String(code)];
    if (known) {
      const detail = FRAMEWORK_DETAILS[known] ?? `${ERROR_CODES[known].title}.`;
      return new LockstepError(known, detail, { cause: error });
    }
    if (Number(statusCode) < 500 && String(code).startsWith("FST_"))
      return new LockstepError("INVALID_REQUEST", `${error.message}.`, { cause: error });
  }
  return new LockstepError("INTERNAL", INTERNAL_DETAIL, { cause: error });
}

export function toProblem(error: LockstepError, requestId: string): Problem {
  const { title } = ERROR_CODES[error.code];
  return {
    type: `/docs/errors#${error.code}`,
    title,
    status: error.httpStatus,
    detail: detailOf(error),
    code: error.code,
    request_id: requestId,
    errors: error.issues.slice(0, ISSUES_SHOWN_MAX),
  };
}

function detailOf(error: LockstepError): string {
  const fixed = FIXED_DETAILS[error.code];
  if (fixed) return fixed;
  return error.httpStatus === 500 ? INTERNAL_DETAIL : error.message;
}

/** Seconds for the `Retry-After` header; null when a retry will not help. */
export function retryAfterSeconds(error: LockstepError): number | null {
  return error.retryAfterSeconds ?? (error.httpStatus === 503 ? RETRY_AFTER_DEFAULT_SECONDS : null);
}
