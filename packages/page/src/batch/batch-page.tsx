import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ProblemPanel } from "../problem/problem-panel.js";
import { Delayed } from "../shell/delayed.js";
import { usePageTitle } from "../shell/page-title.js";
import { plainText } from "../text/plain-text.js";
import "./batch.css";
import { type Batch, batchQuery, isOpen } from "./batch-data.js";
import { BatchHeader } from "./batch-header.js";
import { BatchResults } from "./batch-results.js";

const EVERY_MS = 2_000;
/** A retry by anybody reopens a batch, so it is still polled. */
const EVERY_MS_WHEN_DONE = 15_000;

/** Many jobs as one: their progress, the actions on all of them, and their results, best first. */
export function BatchPage() {
  const { id } = useParams({ from: "/batches/$id" });
  const { data, error, refetch } = useQuery({
    ...batchQuery(id),
    refetchInterval: ({ state }) => (state.data && !isOpen(state.data) ? EVERY_MS_WHEN_DONE : EVERY_MS),
  });
  usePageTitle(data ? `${plainText(data.name)} · batch` : "Batch");
  return (
    <div className="stack">
      {error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <>
          <BatchHeader batch={data} />
          <SkippedLines batch={data} />
          <BatchResults key={data.id} batch={data} />
        </>
      ) : error ? null : (
        <Delayed>
          <div className="panel skeleton" role="status" aria-label="Loading the batch" />
        </Delayed>
      )}
    </div>
  );
}

/** Lines of the library that were skipped. */
function SkippedLines({ batch: { skipped, skipped_lines } }: { batch: Batch }) {
  if (skipped === 0) return null;
  return (
    <details className="panel batch-skipped">
      <summary>
        {skipped.toLocaleString("en")} {skipped === 1 ? "line" : "lines"} of the library left out, and why
      </summary>
      <ul>
        {skipped_lines.map(({ line, detail }) => (
          <li key={line}>
            <strong className="number">line {line}</strong> {plainText(detail)}
          </li>
        ))}
        {skipped > skipped_lines.length ? (
          <li className="dim">and {(skipped - skipped_lines.length).toLocaleString("en")} more</li>
        ) : null}
      </ul>
    </details>
  );
}
