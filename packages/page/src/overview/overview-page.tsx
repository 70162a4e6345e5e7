import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import { statsQuery } from "../api/queries.js";
import { STATUSES } from "../api/words.js";
import { Ago } from "../clock/time.js";
import { useChanges, useFollow, useLiveState, usePolling } from "../live/live.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { usePageTitle } from "../shell/page-title.js";
import { StatusIcon } from "../status/status-icon.js";
import { plainText } from "../text/plain-text.js";
import { HealthLine } from "./health-line.js";
import "./overview.css";
import { Sparkline } from "./sparkline.js";

const REREAD_MS = 2_000;

/** The whole system: health, number of jobs by status, and the latest failures. */
export function OverviewPage() {
  const { data, error, refetch } = useQuery({ ...statsQuery, refetchInterval: usePolling() || 15_000 });
  useFollow({});
  useRereadOnChange();
  usePageTitle("Overview");
  return (
    <div className="stack">
      <div className="page-head overview-head">
        <h1>Overview</h1>
        {data ? (
          <span className="dim">
            read <Ago at={data.as_of} />
          </span>
        ) : null}
      </div>
      <HealthLine />
      {error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Numbers stats={data} /> : null}
    </div>
  );
}

type Stats = NonNullable<Awaited<ReturnType<NonNullable<typeof statsQuery.queryFn>>>>;

function Numbers({ stats }: { stats: Stats }) {
  const { counts, capped, delayed, oldest_ready_at, throughput, latest_failures } = stats;
  return (
    <>
      <section className="counts" aria-label="Jobs by status">
        {STATUSES.map((status) => (
          <Link key={status} to="/jobs" search={{ status }} className="panel count" data-count={status}>
            <span className={`count-name tone-${status}`}>
              <StatusIcon status={status} /> {status}
            </span>
            <strong className="number">
              {capped.includes(status) ? "10,000+" : counts[status].toLocaleString("en")}
            </strong>
            <span className="dim">
              {status === "pending" && delayed > 0 ? `${delayed.toLocaleString("en")} not due yet` : ""}
            </span>
          </Link>
        ))}
      </section>
      <div className="two">
        <section className="panel">
          <div className="panel-head">
            <h2>Ended in the last hour</h2>
            <span className="grow" />
            <span className="dim">
              {oldest_ready_at ? (
                <>
                  oldest waiting job became ready <Ago at={oldest_ready_at} />
                </>
              ) : (
                "no job is waiting"
              )}
            </span>
          </div>
          <div className="panel-body">
            <Sparkline minutes={throughput} />
          </div>
        </section>
        <Failures failures={latest_failures} />
      </div>
    </>
  );
}

function Failures({ failures }: { failures: Stats["latest_failures"] }) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Latest failures</h2>
      </div>
      {failures.length === 0 ? (
        <p className="panel-body dim">No job has failed.</p>
      ) : (
        <table className="table">
          <tbody>
            {failures.map(({ kind, message, count, last_job_id, last_at }) => (
              <tr key={kind + message}>
                <td>
                  <Link to="/jobs/$id" params={{ id: last_job_id }} className="failure">
                    {plainText(message) || "(no message)"}
                  </Link>
                  <span className="dim">{kind}</span>
                </td>
                <td className="right number">{count}×</td>
                <td className="right dim">
                  <Ago at={last_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function useRereadOnChange(): void {
  const client = useQueryClient();
  const { paused } = useLiveState();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useChanges(
    useCallback(() => {
      if (paused || timer.current !== undefined) return;
      timer.current = setTimeout(() => {
        timer.current = undefined;
        void client.invalidateQueries({ queryKey: ["stats"] });
      }, REREAD_MS);
    }, [client, paused]),
  );
}
