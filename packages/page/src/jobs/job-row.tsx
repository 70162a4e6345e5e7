import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { serverClock } from "../clock/server-clock.js";
import { momentText } from "../clock/span.js";
import { Ago, Lasted } from "../clock/time.js";
import { useJob } from "../live/live.js";
import type { KnownJob } from "../live/version-store.js";
import { StatusBadge } from "../status/status-badge.js";
import { plainText } from "../text/plain-text.js";
import { type JobSearch, statusesOf } from "./job-filter.js";

interface JobRowProps {
  readonly id: string;
  readonly index: number;
  readonly search: JobSearch;
  readonly selected: boolean;
  onToggle(id: string): void;
}

/** One job. Only this row rerenders when its job changes. */
export const JobRow = memo(function JobRow({ id, index, search, selected, onToggle }: JobRowProps) {
  const job = useJob(id);
  if (!job) return null;
  const statuses = statusesOf(search);
  const left = statuses.length > 0 && !statuses.includes(job.status);
  return (
    <tr
      data-job={id}
      data-left={left || undefined}
      data-selected={selected || undefined}
      aria-rowindex={index + 2}
      title={left ? "No longer matches the filter" : undefined}
    >
      <td className="pick">
        <input
          type="checkbox"
          aria-label={`Select ${job.kind} ${id}`}
          checked={selected}
          onChange={() => onToggle(id)}
        />
      </td>
      <td>
        <StatusBadge fact={job} />
      </td>
      <td className="ellipsis">
        <Link to="/jobs/$id" params={{ id }} title={id}>
          {job.kind} <span className="mono dim">{id.slice(-8)}</span>
        </Link>
      </td>
      <td className="ellipsis wide dim">{job.queue}</td>
      <td className="ellipsis says">{says(job)}</td>
      <td className="right wide">
        {job.attempt} of {job.max_attempts}
      </td>
      <td className="right created">
        <Ago at={job.created_at} />
      </td>
      <td className="right wide">
        <Lasted from={job.started_at} to={job.finished_at} />
      </td>
    </tr>
  );
});

/** The details of a job: what it is doing, or what went wrong. */
function says(job: KnownJob): string {
  if (job.status === "failed" || (job.status === "pending" && job.failures > 0))
    return firstLine(job.error?.message ?? "");
  if (job.status === "running" && job.cancel_requested_at) return "Cancel requested";
  if (job.status === "pending" && Date.parse(job.run_at) > serverClock.now())
    return `Not before ${momentText(job.run_at)}`;
  if (job.status !== "running" || !job.progress) return job.tags.slice(0, 5).join(", ");
  const percent = `${Math.floor(job.progress.fraction * 100)} %`;
  return job.progress.message ? `${percent} · ${firstLine(job.progress.message)}` : percent;
}

function firstLine(text: string): string {
  return plainText(text.slice(0, 400)).split("\n", 1)[0] ?? "";
}
