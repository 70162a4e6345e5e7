import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ApiProblem } from "../api/problem.js";
import { Ago } from "../clock/time.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { plainText } from "../text/plain-text.js";
import { ACTIONS, type Cell, type Check, type DriftFinding, findingsQuery } from "./doctor-data.js";

interface FindingListProps {
  readonly check: Check;
  readonly pattern: string;
  readonly action: string;
}

/** The jobs behind one number of the matrix, with every view of each side by side. */
export function FindingList({ check, pattern, action }: FindingListProps) {
  const { data, error, refetch } = useQuery(findingsQuery(check.id, pattern, action));
  const cell = check.cells.find((one) => one.pattern === pattern && one.action === action);
  const summary = check.summary?.patterns.find((one) => one.pattern === pattern);
  if (!cell) return null;
  return (
    <section className="panel" aria-label={`Jobs: ${pattern}`}>
      <div className="panel-head">
        <h2>
          <span className="mono">{pattern}</span> · {ACTIONS[cell.action]}
        </h2>
        <span className="dim number">{countText(cell, data?.findings.length ?? cell.jobs)}</span>
      </div>
      {summary ? (
        <p className="panel-body dim">
          People see {summary.users_see}; {summary.cost}.
        </p>
      ) : null}
      {error ? <Issue error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Rows findings={data.findings} /> : null}
    </section>
  );
}

function countText({ jobs }: Cell, listed: number): string {
  const all = `${jobs.toLocaleString("en")} ${jobs === 1 ? "job" : "jobs"}`;
  return listed < jobs ? `${all}, the first ${listed} listed` : all;
}

function Issue({ error, onRetry }: { error: Error; onRetry(): void }) {
  if (error instanceof ApiProblem && error.status === 404)
    return <p className="panel-body dim">A newer check has replaced this one: choose a number again.</p>;
  return <ProblemPanel error={error} onRetry={onRetry} />;
}

function Rows({ findings }: { findings: readonly DriftFinding[] }) {
  const views = findings[0]?.views.map(({ view }) => view) ?? [];
  return (
    <div className="scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th>Job</th>
            {views.map((view) => (
              <th key={view}>{view} says</th>
            ))}
            <th>Since</th>
            <th>Probably because</th>
          </tr>
        </thead>
        <tbody>
          {findings.map(({ id, view: wrong, views: shown, since, cause, why, is_live }) => (
            <tr key={id} data-finding={id}>
              <td>
                <Link to="/jobs/$id" params={{ id }} className="mono" title={id}>
                  {id.slice(-12)}
                </Link>
              </td>
              {shown.map(({ view, state, word }) => (
                <td key={view} className={view === wrong ? "mono disagree" : "mono"}>
                  {state === "value" ? plainText(word ?? "") : state}
                </td>
              ))}
              <td className="nowrap">
                <Ago at={since} />
              </td>
              <td className="finding-cause">
                {plainText(cause)}
                {why ? <div className="dim">Not repaired: {plainText(why)}</div> : null}
                {is_live ? <div className="dim">It is being worked on right now.</div> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
