/**
 * The model of a job, without any I/O: its terms, its transition table, its retry policy, its ids
 * and the JSON it may contain. Everything here is a pure function or a type, and every other module
 * may use it.
 */
export { attemptError, storableText } from "./attempt-error.js";
export {
  type Canonical,
  canonicalJson,
  JSON_DEPTH_MAX,
  type JsonIssue,
  OUTPUT_BYTES_MAX,
} from "./canonical-json.js";
export { JOB_COLUMNS, withColumns } from "./columns.js";
export type * from "./copy.js";
export {
  type AnyJobDefinition,
  type ArtifactWriter,
  defineJob,
  type JobContext,
  type JobDefinition,
  type JobOptions,
  type LogLevel,
  NAME_PATTERN,
  type SqlTransaction,
} from "./definition.js";
export { type Duration, durationMs } from "./duration.js";
export type { JobFilter, JobPage } from "./filter.js";
export { isId, NIL_ID, newId } from "./id.js";
export { INPUT_SCHEMA_BYTES_MAX, type JsonSchema } from "./input-schema.js";
export type {
  ArchiveNote,
  Job,
  JobError,
  JobStatus,
  JobSummary,
  Progress,
  Source,
  TransitionRecord,
} from "./job.js";
export type { Json } from "./json.js";
export { pointerOf } from "./json-pointer.js";
export { issueOfObject, safeText } from "./json-values.js";
export {
  type Backoff,
  type KindFacts,
  type KindRecord,
  kindFacts,
  type RecordedKind,
  recordedDefaults,
  recordedRetryPolicy,
} from "./kind.js";
export * from "./limits.js";
export { LOG_LEVELS } from "./log-level.js";
export {
  ATTEMPT_OUTCOMES,
  type AttemptError,
  type AttemptOutcome,
  isUnstorable,
  SETTLE_RESULTS,
  unstorableOutcome,
} from "./outcome.js";
export {
  backoffMs,
  MAX_ATTEMPTS_LIMIT,
  type RetryOptions,
  type RetryPolicy,
  retryPolicy,
} from "./retry.js";
export {
  isStatus,
  isTerminal,
  STATUSES,
  type Status,
  TERMINAL_STATUSES,
  type TerminalStatus,
} from "./status.js";
export { assertInput, kindFields } from "./submit-definition.js";
export {
  BATCH_FIELDS,
  givenFields,
  isKey,
  type KindDefaults,
  keySchema,
  NAME_RULE,
  nameSchema,
  type RecordedFields,
  recordedFields,
  SCHEDULE_FIELDS,
  SUBMIT_FIELDS,
  type SubmitField,
  type SubmitFields,
  type SubmitJobOptions,
  submitFieldFaults,
  submitFieldsOf,
  timeSchema,
} from "./submit-fields.js";
export { REASONS, type Reason, TRANSITIONS, type Transition } from "./transition-table.js";
export { zodIssues } from "./zod-faults.js";
