import type { Database, Statement } from "../database/index.js";
import { LockstepError } from "../errors.js";
import type { JobFilter, JobPage } from "../job/index.js";
import { isId, isStatus, type JobSummary, type Status, withColumns } from "../job/index.js";
import { databaseTime } from "./database-clock.js";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;
const COUNT_MAX = 10_000;

const COLUMNS = withColumns("{summary}");
/** The columns that partial indexes name for a status. */
const INDEXED: Readonly<Partial<Record<Status, string>>> = {
  running: "(status = 'running' and id in (select id from lockstep.running_jobs))",
  failed: "failed_at is not null",
  cancelled: "cancelled_at is not null",
};

export interface ListQuery {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly limit: number;
}

/**
 * One page of jobs, newest first, by keyset on the id (ids sort in the order of creation). The SQL
 * text is built from fixed clauses; everything the caller wrote is a parameter.
 * @throws LockstepError INVALID_REQUEST when the cursor is not valid
 */
export function listQuery(filter: JobFilter): ListQuery {
  const values: unknown[] = [];
  const clauses: string[] = [];
  const add = (clause: (parameter: string) => string, value: unknown): void => {
    values.push(value);
    clauses.push(clause(`$${values.length}`));
  };
  // Status words are our own, and literals.
  const statuses = (filter.status ?? []).filter(isStatus);
  if (statuses.length > 0)
    clauses.push(`(${statuses.map((status) => INDEXED[status] ?? `status = '${status}'`).join(" or ")})`);
  if (filter.kind !== undefined) add((p) => `kind = ${p}`, filter.kind);
  if (filter.queue !== undefined) add((p) => `queue = ${p}`, filter.queue);
  if (filter.batch !== undefined) add((p) => `batch_id = ${p}::uuid`, filter.batch);
  if (filter.tag !== undefined) add((p) => `tags @> array[${p}]::text[] and tags <> '{}'`, filter.tag);
  if (filter.created_after !== undefined) add((p) => `created_at > ${p}::timestamptz`, filter.created_after);
  if (filter.created_before !== undefined)
    add((p) => `created_at < ${p}::timestamptz`, filter.created_before);
  if (filter.q !== undefined && filter.q !== "") addSearch(filter.q, add);
  const matching = where(clauses);
  if (filter.cursor !== undefined) add((p) => `id < ${p}::uuid`, cursorId(filter.cursor));
  const limit = Math.min(LIMIT_MAX, Math.max(1, filter.limit ?? LIMIT_DEFAULT));
  const total = filter.count
    ? `(select count(*)::integer from (select from lockstep.jobs ${matching} limit ${COUNT_MAX}) capped)`
    : "null::integer";
  return {
    text: `select ${COLUMNS}, ${total} as total, clock_timestamp() as as_of from lockstep.jobs ${where(clauses)} order by id desc limit ${limit + 1}`,
    values,
    limit,
  };
}

function where(clauses: readonly string[]): string {
  return clauses.length === 0 ? "" : `where ${clauses.join(" and ")}`;
}

function addSearch(text: string, add: (clause: (parameter: string) => string, value: unknown) => void): void {
  const trimmed = text.trim();
  if (isId(trimmed)) add((p) => `id = ${p}::uuid`, trimmed);
  else
    add(
      (p) =>
        `strpos(lower(kind || ' ' || queue || ' ' || coalesce(unique_key, '') || ' ' || id::text), lower(${p})) > 0`,
      trimmed,
    );
}

function cursorId(cursor: string): string {
  if (isId(cursor)) return cursor;
  throw new LockstepError("INVALID_REQUEST", "The cursor was not returned by a list.", {
    issues: [{ pointer: "/cursor", detail: "is not a cursor" }],
  });
}

export async function listJobs(database: Database, filter: JobFilter): Promise<JobPage> {
  const { text, values, limit } = listQuery(filter);
  const query: Statement = { text, ofLedger: true };
  const { rows } = await database.query<JobSummary & { as_of: string; total: number | null }>(query, values);
  const page = rows.slice(0, limit);
  // After the last page no row carries the total.
  const nothing = filter.count && filter.cursor === undefined ? 0 : null;
  return {
    jobs: page.map(({ as_of: _asOf, total: _total, ...job }) => job),
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
    total: rows[0] ? rows[0].total : nothing,
    as_of: rows[0]?.as_of ?? (await databaseTime(database)),
  };
}
