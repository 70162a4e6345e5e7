import { api, dataOf, type JobStatus } from "../api/client.js";
import { LIVE_STATUSES, TERMINAL_STATUSES } from "../api/words.js";
import { filtersOf, type JobSearch, statusesOf, toQuery } from "./job-filter.js";

export type BulkAction = "cancel" | "retry";

export interface BulkProgress {
  readonly done: number;
  readonly changed: number;
  readonly refused: number;
}

const PAGE_JOBS = 500;

/** The statuses that an action can change. */
const CHANGES: Readonly<Record<BulkAction, readonly JobStatus[]>> = {
  cancel: LIVE_STATUSES,
  retry: TERMINAL_STATUSES.filter((status) => status !== "completed"),
};

/**
 * The filter with which an action finds its jobs: jobs created after `before` are left alone,
 * however long the action takes.
 * @returns null when the filter and the action have no status in common
 */
export function frozenFilter(action: BulkAction, search: JobSearch, before: string): JobSearch | null {
  const wanted = statusesOf(search);
  const statuses = CHANGES[action].filter((status) => wanted.length === 0 || wanted.includes(status));
  if (statuses.length === 0) return null;
  const earlier = search.before && search.before < before ? search.before : before;
  return { ...filtersOf(search), status: statuses.join(","), before: earlier };
}

/** The number of jobs that match a filter; 10,000 stands for that many or more. */
export async function countMatching(filter: JobSearch): Promise<number> {
  const query = { ...toQuery(filter), limit: 1, count: "true" as const };
  return (await dataOf(api.GET("/api/jobs", { params: { query } }))).total ?? 0;
}

/** Changes the given jobs, some hundred per request. @param signal stops it between two requests */
export async function changeJobs(
  action: BulkAction,
  ids: readonly string[],
  { signal, onProgress }: { signal: AbortSignal; onProgress(step: BulkProgress): void },
): Promise<void> {
  for (let start = 0; start < ids.length && !signal.aborted; start += PAGE_JOBS) {
    const part = ids.slice(start, start + PAGE_JOBS);
    const { changed, refused } = await dataOf(api.POST("/api/jobs/bulk", { body: { action, ids: part } }));
    onProgress({ done: part.length, changed: changed.length, refused: refused.length });
  }
}

/**
 * Changes every job of a frozen filter, page by page, by keyset: a job that changes meanwhile does
 * not shift others.
 */
export async function changeMatching(
  action: BulkAction,
  filter: JobSearch,
  options: { signal: AbortSignal; onProgress(step: BulkProgress): void },
): Promise<void> {
  let cursor: string | null = null;
  do {
    const query = { ...toQuery(filter), limit: PAGE_JOBS, ...(cursor ? { cursor } : {}) };
    const page: { jobs: { id: string }[]; next: string | null } = await dataOf(
      api.GET("/api/jobs", { params: { query } }),
    );
    const ids = page.jobs.map(({ id }) => id);
    await changeJobs(action, ids, options);
    cursor = page.next;
  } while (cursor && !options.signal.aborted);
}
