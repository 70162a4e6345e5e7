import { useQuery } from "@tanstack/react-query";
import type { Transition } from "../api/client.js";
import { transitionsQuery } from "../api/queries.js";
import { absoluteText, spanText } from "../clock/span.js";
import { useNow } from "../clock/time.js";
import type { KnownJob } from "../live/version-store.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { StatusBadge } from "../status/status-badge.js";
import { plainText } from "../text/plain-text.js";

/** Every transition: status, time, duration, attempt, actor and reason. */
export function TimelineTab({ job }: { job: KnownJob }) {
  const { data, error, refetch } = useQuery(transitionsQuery(job.id));
  if (!data) return error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null;
  const { transitions, source, as_of } = data;
  return (
    <div className="scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th className="right">Version</th>
            <th>Status</th>
            <th>Reason</th>
            <th>Time</th>
            <th className="right">Duration</th>
            <th className="right">Attempt</th>
            <th>Actor</th>
          </tr>
        </thead>
        <tbody>
          {transitions.map((one, index) => (
            <tr key={one.version}>
              <td className="right">{one.version}</td>
              <td>
                <StatusBadge fact={{ status: one.status, version: one.version, source, as_of }} />
              </td>
              <td>
                {one.reason.replaceAll("_", " ")}
                <Detail detail={one.detail} />
              </td>
              <td className="number">
                <time dateTime={one.at} title={absoluteText(one.at)}>
                  {timeOfDay(one.at)}
                </time>
              </td>
              <td className="right">
                <Stayed from={one} next={transitions[index + 1]} ended={job.finished_at !== null} />
              </td>
              <td className="right">{one.attempt}</td>
              <td className="mono dim">{plainText(one.actor)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Stayed({ from, next, ended }: { from: Transition; next: Transition | undefined; ended: boolean }) {
  const now = useNow();
  if (!next && ended) return <span className="dim">final</span>;
  return <>{spanText((next ? Date.parse(next.at) : now) - Date.parse(from.at))}</>;
}

function Detail({ detail }: { detail: unknown }) {
  if (detail === null || detail === undefined) return null;
  const text = typeof detail === "string" ? detail : JSON.stringify(detail);
  return <div className="mono dim detail">{plainText(text.slice(0, 500))}</div>;
}

function timeOfDay(at: string): string {
  const date = new Date(at);
  return `${date.toLocaleTimeString("en-GB")}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
