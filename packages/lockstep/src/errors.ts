/** One problem in an input, with its place. */
export interface Issue {
  /** RFC 6901 JSON pointer into the request body, such as `/input/url`. */
  readonly pointer: string;
  readonly detail: string;
}

interface LockstepErrorOptions {
  readonly cause?: unknown;
  readonly issues?: readonly Issue[];
  readonly retryAfterSeconds?: number;
}

/**
 * Every error Lockstep throws on purpose: a stable code, the HTTP status it becomes, and a safe
 * JSON form.
 */
export class LockstepError extends Error {
  readonly code: ErrorCode;
  readonly httpStatus: number;
  readonly issues: readonly Issue[];
  readonly retryAfterSeconds: number | null;

  constructor(code: ErrorCode, message: string, options: LockstepErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LockstepError";
    this.code = code;
    this.httpStatus = ERROR_CODES[code].httpStatus;
    this.issues = options.issues ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }

  /** Without the cause and the stack, which can contain secrets. */
  toJSON(): { name: string; code: ErrorCode; message: string; issues: readonly Issue[] } {
    return { name: this.name, code: this.code, message: this.message, issues: this.issues };
  }
}

/** Thrown by a handler for a failure that no retry can fix: the job fails immediately. */
export class NonRetryableError extends Error {
  readonly code: string | null;
  constructor(message: string, options: { cause?: unknown; code?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "NonRetryableError";
    this.code = options.code ?? null;
  }
}

/**
 * The attempt no longer belongs to this worker: another worker has the job, or it has been settled.
 */
export class FencedError extends LockstepError {
  constructor(message: string) {
    super("FENCED", message);
    this.name = "FencedError";
  }
}

/**
 * The ledger could not be reached or did not answer in time; the result of the write is unknown.
 */
export class DatabaseUnavailableError extends LockstepError {
  constructor(message: string, cause: unknown) {
    super("DATABASE_UNAVAILABLE", message, { cause, retryAfterSeconds: 2 });
    this.name = "DatabaseUnavailableError";
  }
}

/**
 * Every code, the HTTP status it becomes and its title. `docs/errors.md` explains each; a test
 * compares the two.
 */
export const ERROR_CODES = {
  INVALID_INPUT: { httpStatus: 422, title: "The input is not valid" },
  INVALID_REQUEST: { httpStatus: 400, title: "The request is malformed" },
  BODY_TOO_LARGE: { httpStatus: 413, title: "The body is too large" },
  UNSUPPORTED_MEDIA_TYPE: { httpStatus: 415, title: "The content type is not supported" },
  UNKNOWN_KIND: { httpStatus: 422, title: "No such kind of job" },
  NOT_FOUND: { httpStatus: 404, title: "Not found" },
  METHOD_NOT_ALLOWED: { httpStatus: 405, title: "Method not allowed" },
  JOB_NOT_FOUND: { httpStatus: 404, title: "No such job" },
  WORKER_NOT_FOUND: { httpStatus: 404, title: "No such worker" },
  BATCH_NOT_FOUND: { httpStatus: 404, title: "No such batch" },
  QUEUE_NOT_FOUND: { httpStatus: 404, title: "No such queue" },
  SCHEDULE_NOT_FOUND: { httpStatus: 404, title: "No such schedule" },
  FILE_NOT_FOUND: { httpStatus: 404, title: "No such file" },
  ARTIFACT_NOT_FOUND: { httpStatus: 404, title: "No such artifact" },
  STORE_UNAVAILABLE: { httpStatus: 503, title: "The object store cannot be reached" },
  KEY_NOT_FOUND: { httpStatus: 404, title: "No such API key" },
  IDEMPOTENCY_MISMATCH: { httpStatus: 422, title: "The idempotency key was used with another body" },
  KEY_IN_USE: { httpStatus: 409, title: "A transaction that has not ended holds the key" },
  UNIQUE_KEY_TAKEN: { httpStatus: 409, title: "Another live job holds the unique key" },
  ALREADY_FINISHED: { httpStatus: 409, title: "The job has already finished" },
  NOT_FINISHED: { httpStatus: 409, title: "The job has not finished" },
  ARCHIVED: { httpStatus: 409, title: "The job was moved to the archive" },
  SCHEDULE_EXISTS: { httpStatus: 409, title: "A schedule with this name already exists" },
  VERSION_MISMATCH: { httpStatus: 412, title: "The job has changed" },
  FENCED: { httpStatus: 409, title: "The attempt no longer belongs to this worker" },
  UNAUTHORIZED: { httpStatus: 401, title: "An API key is needed" },
  FORBIDDEN: { httpStatus: 403, title: "The API key lacks the role" },
  WORKER_OF_ANOTHER_KEY: { httpStatus: 403, title: "Another API key registered the worker" },
  ORIGIN_REFUSED: { httpStatus: 403, title: "The request comes from another site" },
  DATABASE_UNAVAILABLE: { httpStatus: 503, title: "The database cannot be reached" },
  STATUS_UNKNOWN: { httpStatus: 503, title: "The status is unknown for now" },
  OVERLOADED: { httpStatus: 503, title: "The server is overloaded" },
  SCHEMA_NEWER: { httpStatus: 500, title: "The database schema is newer than this program" },
  SCHEMA_OLD: { httpStatus: 500, title: "The database holds a first-edition ledger" },
  SCHEMA_CHANGED: { httpStatus: 500, title: "An applied migration was changed" },
  SCHEMA_NOT_OWNED: { httpStatus: 500, title: "The database's role may not migrate" },
  SCHEMA_NEEDS_SESSION: { httpStatus: 500, title: "A migration needs a direct connection" },
  DATA_DIR_LOCKED: { httpStatus: 500, title: "Another process uses the data directory" },
  INVALID_CONFIG: { httpStatus: 500, title: "The configuration is not valid" },
  PUBLIC_WITHOUT_KEY: { httpStatus: 500, title: "A public address needs an API key" },
  RESULT_UNSTORABLE: { httpStatus: 500, title: "The handler's result cannot be stored" },
  HANDLER_FAULT: { httpStatus: 500, title: "The handler broke a rule for handlers" },
  JOB_CANCELLED: { httpStatus: 500, title: "The job was cancelled" },
  JOB_TIMEOUT: { httpStatus: 500, title: "The attempt took too long" },
  LEASE_LOST: { httpStatus: 500, title: "The worker lost its lease" },
  SHUTTING_DOWN: { httpStatus: 503, title: "The process is shutting down" },
  WORKER_LOST: { httpStatus: 500, title: "The worker was lost" },
  WAIT_TIMEOUT: { httpStatus: 500, title: "The wait timed out" },
  JOB_FAILED: { httpStatus: 500, title: "The job failed" },
  ARCHIVE_BUSY: { httpStatus: 500, title: "Another process is archiving" },
  VIEW_UNREADABLE: { httpStatus: 503, title: "A view cannot be read" },
  VIEW_MISMATCH: { httpStatus: 422, title: "A view is not what the configuration says" },
  PLAN_NOT_FOUND: { httpStatus: 404, title: "No such plan" },
  PLAN_STALE: { httpStatus: 409, title: "The plan cannot be used any more" },
  PLAN_BRAKED: { httpStatus: 409, title: "A safety stop blocks the plan" },
  RUN_NOT_FOUND: { httpStatus: 404, title: "No such run" },
  DOCTOR_BUSY: { httpStatus: 409, title: "Another process is running the doctor" },
  INTERNAL: { httpStatus: 500, title: "Internal error" },
} as const satisfies Record<string, { httpStatus: number; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;
