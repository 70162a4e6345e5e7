import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Ago } from "../clock/time.js";
import { useBeginning } from "../kinds/registry.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { Delayed } from "../shell/delayed.js";
import { usePageTitle } from "../shell/page-title.js";
import { plainText } from "../text/plain-text.js";
import "./batch.css";
import { type Batch, batchesQuery, isOpen } from "./batch-data.js";
import { BatchProgress } from "./batch-progress.js";

const EVERY_MS = 5_000;

/** Batches, newest first. */
export function BatchesPage() {
  const { cursor } = useSearch({ from: "/batches" });
  const { data, error, refetch } = useQuery({
    ...batchesQuery(cursor),
    refetchInterval: ({ state }) => (state.data?.batches.some(isOpen) ? EVERY_MS : false),
  });
  usePageTitle("Batches");
  return (
    <>
      <div className="page-head">
        <h1>Batches</h1>
        {data ? (
          <span className="dim">
            read <Ago at={data.as_of} />
          </span>
        ) : null}
      </div>
      {error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        data.batches.length === 0 ? (
          <NoBatches />
        ) : (
          <BatchTable batches={data.batches} />
        )
      ) : error ? null : (
        <Delayed>
          <div className="panel skeleton" role="status" aria-label="Loading batches" />
        </Delayed>
      )}
      <Pager cursor={cursor} next={data?.next ?? null} />
    </>
  );
}

function BatchTable({ batches }: { batches: readonly Batch[] }) {
  return (
    <div className="panel scroll-x">
      <table className="table batches">
        <thead>
          <tr>
            <th>Batch</th>
            <th>Ended</th>
            <th className="right">Completed</th>
            <th className="right">Failed</th>
            <th className="right">Jobs</th>
            <th className="right">Submitted</th>
          </tr>
        </thead>
        <tbody>
          {batches.map((batch) => (
            <tr key={batch.id} data-batch={batch.id}>
              <td>
                <Link to="/batches/$id" params={{ id: batch.id }}>
                  {plainText(batch.name)}
                </Link>{" "}
                <span className="dim">{batch.name === batch.kind ? "" : batch.kind}</span>
              </td>
              <td className="batches-progress">
                <BatchProgress batch={batch} />
                <span className="dim number">{Math.floor(batch.progress.fraction * 100)} %</span>
              </td>
              <td className="right">{batch.counts.completed.toLocaleString("en")}</td>
              <td className="right">{batch.counts.failed.toLocaleString("en")}</td>
              <td className="right">{batch.jobs.toLocaleString("en")}</td>
              <td className="right">
                <Ago at={batch.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NoBatches() {
  const beginning = useBeginning("firstBatch");
  return (
    <div className="panel empty">
      <h2>No batches yet</h2>
      <p className="dim">
        A batch is many jobs submitted as one{beginning ? `, for example ${beginning.first.such}` : ""}.
      </p>
      {beginning ? (
        <>
          <Link to="/submit/$kind" params={{ kind: beginning.kind }}>
            {beginning.first.label}
          </Link>
          <pre className="code">{beginning.first.command}</pre>
        </>
      ) : null}
    </div>
  );
}

function Pager({ cursor, next }: { cursor: string | undefined; next: string | null }) {
  const navigate = useNavigate({ from: "/batches" });
  if (!cursor && !next) return null;
  return (
    <nav className="pager" aria-label="Pages of the list">
      <Button variant="default" disabled={!cursor} onClick={() => void navigate({ search: {} })}>
        Newest
      </Button>
      <Button
        variant="default"
        disabled={!next}
        onClick={() => void navigate({ search: next ? { cursor: next } : {} })}
      >
        Older
      </Button>
    </nav>
  );
}
