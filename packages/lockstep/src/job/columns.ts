import type { Job } from "./job.js";
import { SCHEDULE_FIELDS } from "./submit-fields.js";

/** The members of a job that are not columns of its row. */
type NotColumns = "source" | "as_of" | "archived" | "archive";

/**
 * The columns of a job that every reader sees, in the order in which they are shown. SQL texts name
 * them as `{job}`, and with a table's alias as `{j.job}`.
 */
export const JOB_COLUMNS = [
  "id",
  "kind",
  "queue",
  "status",
  "version",
  "attempt",
  "failures",
  "losses",
  "max_attempts",
  "priority",
  "progress",
  "input",
  "output",
  "error",
  "worker_id",
  "tags",
  "timeout_ms",
  "unique_key",
  "limit_key",
  "batch_id",
  "run_at",
  "deadline_at",
  "created_at",
  "started_at",
  "finished_at",
  "cancel_requested_at",
  "actor",
  "reason",
] as const satisfies readonly Exclude<keyof Job, NotColumns>[];

/** The columns of a schedule, in the order in which they are shown. SQL texts: `{schedule}`. */
const SCHEDULE_COLUMNS = [
  "name",
  "kind",
  "input",
  ...SCHEDULE_FIELDS,
  "cron",
  "timezone",
  "catch_up",
  "next_at",
  "last_at",
  "last_job_id",
  "paused_at",
  "actor",
  "created_at",
  "updated_at",
];

/** Columns that can be large: what a list leaves out. */
const PAYLOADS: readonly string[] = ["input", "output"];

/** Columns that an archived job has only in its record. */
const ONLY_IN_RECORD: readonly string[] = ["progress", "input", "output", "error", "deadline_at"];

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  job: JOB_COLUMNS,
  summary: JOB_COLUMNS.filter((column) => !PAYLOADS.includes(column)),
  archived: JOB_COLUMNS.filter((column) => !ONLY_IN_RECORD.includes(column)),
  schedule: SCHEDULE_COLUMNS,
};

/**
 * Replaces the groups of columns in an SQL text: such as `{job}`, or `{j.job}` with an alias.
 * @example withColumns("select {j.job} from lockstep.jobs j")
 */
export function withColumns(text: string): string {
  return text.replaceAll(/\{(?:([^{}\s]+)\.)?(job|summary|archived|schedule)\}/g, (_match, alias, group) =>
    (GROUPS[group] ?? []).map((column) => (alias ? `${alias}.${column}` : column)).join(", "),
  );
}
