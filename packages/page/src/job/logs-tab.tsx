import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { api, dataOf } from "../api/client.js";
import type { KnownJob } from "../live/version-store.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { plainText } from "../text/plain-text.js";

const LINE_PIXELS = 21;
const OVERSCAN_LINES = 12;
const PAGE_LINES = 1_000;
const FOLLOW_MS = 1_000;

/** All lines so far, read in pages; only the lines near the viewport are rendered. */
function useLogs(id: string, following: boolean) {
  const query = useInfiniteQuery({
    queryKey: ["logs", id],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const params = { path: { id }, query: { after: pageParam, limit: PAGE_LINES } };
      return (await dataOf(api.GET("/api/jobs/{id}/logs", { params, signal }))).lines;
    },
    getNextPageParam: (last, _pages, after) => last.at(-1)?.seq ?? after,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { fetchNextPage, isFetching, isSuccess } = query;
  const full = query.data?.pages.at(-1)?.length === PAGE_LINES;
  useEffect(() => {
    if (!isSuccess || isFetching || (!full && !following)) return;
    const timer = setTimeout(() => void fetchNextPage(), full ? 0 : FOLLOW_MS);
    return () => clearTimeout(timer);
  }, [isSuccess, isFetching, full, following, fetchNextPage]);
  return { lines: query.data?.pages.flat() ?? null, error: query.error, retry: () => void query.refetch() };
}

/** The handler's log. It follows new lines while the job runs, until the reader scrolls up. */
export function LogsTab({ job }: { job: KnownJob }) {
  const box = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  const ended = job.finished_at !== null;
  const { lines, error, retry } = useLogs(job.id, !ended);
  const count = lines?.length ?? 0;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PIXELS,
    overscan: OVERSCAN_LINES,
  });
  useEffect(() => {
    if (follow && count > 0) virtual.scrollToIndex(count - 1);
  }, [follow, count, virtual]);
  if (!lines) return error ? <ProblemPanel error={error} onRetry={retry} /> : null;
  if (count === 0)
    return <p className="dim">{ended ? "The handler logged nothing." : "Nothing logged yet."}</p>;
  return (
    <div className="stack">
      <label className="row">
        <input
          type="checkbox"
          checked={follow}
          onChange={(event) => setFollow(event.currentTarget.checked)}
        />
        Follow <span className="dim number">{count.toLocaleString("en")} lines</span>
      </label>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        ref={box}
        className="logs"
        role="log"
        aria-label="Log"
        onWheel={() => setFollow(false)}
      >
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const line = lines[index];
            return line ? (
              <div key={line.seq} className="log-line" data-level={line.level} style={{ top: start }}>
                <time className="dim">{line.at.slice(11, 23)}</time>
                <span className="log-level">{line.level}</span>
                <span className="ellipsis" title={plainText(line.message)}>
                  {plainText(line.message)}
                </span>
              </div>
            ) : null;
          })}
        </div>
      </div>
    </div>
  );
}
