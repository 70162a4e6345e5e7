import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, dataOf, type JobSummary, type Transition } from "../api/client.js";
import { useChanges, useFollow, useLiveState, usePolling, versions } from "../live/live.js";
import { type JobSearch, toQuery } from "./job-filter.js";

export const PAGE_ROWS = 100;
/** Milliseconds between two reads of the rows while they change. */
const REREAD_MS = 1_500;

async function readPage(search: JobSearch, signal: AbortSignal) {
  const query = { ...toQuery(search), limit: PAGE_ROWS, count: "true" as const };
  const page = await dataOf(api.GET("/api/jobs", { params: { query }, signal }));
  versions.seeRows(page.jobs, page);
  return page;
}

export interface JobList {
  /** The rows in the order in which they were first shown; null until there are any. */
  readonly ids: readonly string[] | null;
  /** The number of newer rows that wait to be shown. */
  readonly waiting: number;
  readonly total: number | null;
  readonly next: string | null;
  readonly as_of: string | null;
  readonly error: Error | null;
  /** Whether the rows on screen belong to an earlier filter. */
  readonly isStale: boolean;
  showNewest(): void;
  retry(): void;
}

/**
 * A page of jobs that stays still: rows change in place, newer rows wait, and a row that no longer
 * matches stays until the reader asks for a fresh page.
 */
export function useJobList(search: JobSearch): JobList {
  const key = JSON.stringify(search);
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: ["jobs", key],
    queryFn: ({ signal }) => readPage(search, signal),
    refetchInterval: usePolling(),
    placeholderData: keepPreviousData,
  });
  const [frozen, setFrozen] = useState<{ key: string; ids: readonly string[] } | null>(null);
  useFollow(search.kind ? { kind: search.kind } : {});
  useRereadOnChange(key, frozen?.ids ?? null);
  const fresh = data && !isPlaceholderData ? data.jobs : null;
  // The first page read for a filter stays on screen until the reader asks for a newer one.
  if (fresh && frozen?.key !== key) setFrozen({ key, ids: fresh.map(({ id }) => id) });
  const ids = frozen?.ids ?? null;
  return {
    ids,
    waiting: fresh && frozen?.key === key ? newerThan(ids ?? [], fresh) : 0,
    total: data?.total ?? null,
    next: data?.next ?? null,
    as_of: data?.as_of ?? null,
    error,
    isStale: isPlaceholderData,
    showNewest: () => setFrozen(null),
    retry: () => void refetch(),
  };
}

function newerThan(shown: readonly string[], fresh: readonly JobSummary[]): number {
  const known = new Set(shown);
  return fresh.filter(({ id }) => !known.has(id)).length;
}

/**
 * Reads the rows again soon after one of them changed or a job was created, but at a limited rate.
 */
function useRereadOnChange(key: string, ids: readonly string[] | null): void {
  const client = useQueryClient();
  const { paused } = useLiveState();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useChanges(
    useCallback(
      ({ job_id, version }: Transition) => {
        if (paused || timer.current !== undefined || (version > 1 && !ids?.includes(job_id))) return;
        timer.current = setTimeout(() => {
          timer.current = undefined;
          void client.invalidateQueries({ queryKey: ["jobs", key] });
        }, REREAD_MS);
      },
      [client, key, ids, paused],
    ),
  );
}
