import type { JobStatus } from "../api/client.js";
import { STATUSES } from "../api/words.js";

/** The list's filter as the URL holds it. `status` is a comma-separated list. */
export interface JobSearch {
  readonly status?: string;
  readonly kind?: string;
  readonly queue?: string;
  readonly tag?: string;
  /** A batch id. */
  readonly batch?: string;
  readonly q?: string;
  readonly after?: string;
  readonly before?: string;
  readonly cursor?: string;
}

const NAMES = ["status", "kind", "queue", "tag", "batch", "q", "after", "before", "cursor"] as const;
const LENGTH_MAX = 1_000;

/** Reads a URL. Invalid values are ignored: a bookmark may be older than the page. */
export function readJobSearch(search: Record<string, unknown>): JobSearch {
  const given = NAMES.flatMap((name) => {
    const value = search[name];
    const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    return typeof text === "string" && text !== "" && text.length <= LENGTH_MAX
      ? [[name, text] as const]
      : [];
  });
  const read: Record<string, string> = Object.fromEntries(given);
  const { status, ...rest } = read;
  const statuses = statusesOf({ status: status ?? "" });
  return statuses.length > 0 ? { ...rest, status: statuses.join(",") } : rest;
}

export function statusesOf({ status }: Pick<JobSearch, "status">): readonly JobStatus[] {
  const words = (status ?? "").split(",");
  return STATUSES.filter((one) => words.includes(one));
}

/** The filters without the cursor. */
export function filtersOf({ cursor, ...filters }: JobSearch): JobSearch {
  return filters;
}

export function isFiltered(search: JobSearch): boolean {
  return Object.keys(filtersOf(search)).length > 0;
}

/** The filter in the API's form. */
export function toQuery({ status, after, before, ...rest }: JobSearch) {
  const statuses = statusesOf({ status: status ?? "" });
  return {
    ...rest,
    ...(statuses.length > 0 ? { status: [...statuses] } : {}),
    ...(after ? { created_after: after } : {}),
    ...(before ? { created_before: before } : {}),
  };
}
