import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { kindPage } from "../kinds/registry.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { Icon } from "../shell/icon.js";
import { StatusBadge } from "../status/status-badge.js";
import { plainText } from "../text/plain-text.js";
import {
  type Batch,
  type BatchResult,
  isOpen,
  RESULTS_MORE,
  RESULTS_SHOWN,
  resultsQuery,
} from "./batch-data.js";

/** Ranking reads every output of the batch, so a large batch is ranked less often. */
const EVERY_MS = 4_000;
const EVERY_MS_WHEN_LARGE = 20_000;
const LARGE_JOBS = 5_000;

/** The results of a batch, best first, also while it runs. */
export function BatchResults({ batch }: { batch: Batch }) {
  const everyMs = batch.jobs > LARGE_JOBS ? EVERY_MS_WHEN_LARGE : EVERY_MS;
  const [limit, setLimit] = useState(RESULTS_SHOWN);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...resultsQuery(batch.id, limit),
    // Once more after the last job has ended.
    refetchInterval: ({ state }) =>
      isOpen(batch) || (state.data && isOpen(state.data.batch)) ? everyMs : false,
  });
  const results = data?.results ?? [];
  const finished = data?.batch.progress.finished ?? 0;
  const of = finished.toLocaleString("en");
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Results, best first</h2>
        <span className="dim number">
          {results.length < finished
            ? `the first ${results.length.toLocaleString("en")} of ${of}`
            : isOpen(batch) && finished > 0
              ? "so far"
              : ""}
        </span>
        <span className="grow" />
        {finished > 0 ? <Downloads batch={batch} /> : null}
      </div>
      {error && !data ? (
        <div className="panel-body">
          <ProblemPanel error={error} onRetry={() => void refetch()} />
        </div>
      ) : results.length === 0 ? (
        <p className="panel-body dim">
          No job of the batch has ended yet. The first result appears here automatically.
        </p>
      ) : (
        <Table
          columns={data?.columns ?? []}
          names={kindPage(batch.kind).names ?? {}}
          results={results}
          readAt={(data?.batch ?? batch).as_of}
        />
      )}
      {results.length < finished ? (
        <div className="panel-body no-print">
          <Button
            variant="default"
            disabled={isPlaceholderData}
            onClick={() => setLimit((now) => now + RESULTS_MORE)}
          >
            Show more of {of}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Downloads({ batch: { id, kind } }: { batch: Batch }) {
  const files = [["csv", "CSV"] as const, ...(kindPage(kind).batchFiles ?? [])];
  return (
    <span className="row downloads no-print">
      {files.map(([format, label]) => (
        <a key={format} className="row" href={`/api/batches/${id}/results?format=${format}`} download>
          <Icon name="download" size={14} /> {label}
        </a>
      ))}
    </span>
  );
}

interface TableProps {
  readonly columns: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly results: readonly BatchResult[];
  readonly readAt: string;
}

function Table({ columns, names, results, readAt }: TableProps) {
  return (
    <div className="scroll-x">
      <table className="table batch-results">
        <thead>
          <tr>
            <th className="right">Rank</th>
            {columns.map((column) => (
              <th key={column} className={isNumeric(results, column) ? "right" : undefined}>
                {names[column] ?? heading(column)}
              </th>
            ))}
            <th>Job</th>
            <th>Outcome</th>
          </tr>
        </thead>
        <tbody>
          {results.map((result) => (
            <Row key={result.job_id} columns={columns} result={result} readAt={readAt} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly columns: readonly string[];
  readonly result: BatchResult;
  readonly readAt: string;
}

function Row({ columns, result: { rank, job_id, status, values, error }, readAt }: RowProps) {
  return (
    <tr data-result={job_id}>
      <td className="right number">{rank ?? "–"}</td>
      {columns.map((column) => (
        <Cell key={column} value={values[column] ?? null} />
      ))}
      <td>
        <Link to="/jobs/$id" params={{ id: job_id }} className="mono" title={job_id}>
          {job_id.slice(-8)}
        </Link>
      </td>
      <td>
        <StatusBadge fact={{ status, version: null, source: "ledger", as_of: readAt }} />
        {error ? <div className="dim batch-error">{plainText(error.message)}</div> : null}
      </td>
    </tr>
  );
}

function Cell({ value }: { value: string | number | null }) {
  if (typeof value === "number") return <td className="right number">{value}</td>;
  const text = plainText(value ?? "–");
  return (
    <td className="ellipsis batch-cell" title={text}>
      {text}
    </td>
  );
}

function isNumeric(results: readonly BatchResult[], column: string): boolean {
  return results.some(({ values }) => typeof values[column] === "number");
}

/** A column's name as words. */
function heading(column: string): string {
  const words = column.replace(/^num_/, "").replaceAll("_", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
