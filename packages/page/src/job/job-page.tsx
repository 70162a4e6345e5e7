import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import type { Transition } from "../api/client.js";
import { ApiProblem } from "../api/problem.js";
import { jobQuery } from "../api/queries.js";
import { useChanges, useFollow, useJob, usePolling } from "../live/live.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { Delayed } from "../shell/delayed.js";
import { usePageTitle } from "../shell/page-title.js";
import { StatusBadge } from "../status/status-badge.js";
import "./job.css";
import { ExplainPanel } from "./explain-panel.js";
import { JobHeader } from "./job-header.js";
import { JobTabs } from "./job-tabs.js";
import { ViewsStrip } from "./views-strip.js";

/** Milliseconds between two reads of the job's data while it changes. */
const REREAD_MS = 400;

/** One job: its status, the reason, the other views, and everything recorded about it. */
export function JobPage() {
  const { id } = useParams({ from: "/jobs/$id" });
  const { error, refetch } = useQuery({ ...jobQuery(id), refetchInterval: usePolling() });
  const job = useJob(id);
  useFollow({ job: id });
  useRereadOnChange(id);
  usePageTitle(job ? `${job.status} · ${job.kind} ${id.slice(-8)}` : "Job");
  if (job)
    return (
      <div className="stack">
        <JobHeader job={job} />
        {error && !isUnknown(error) ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null}
        <ViewsStrip id={id} version={job.version} />
        <ExplainPanel id={id} />
        <JobTabs job={job} />
      </div>
    );
  if (!error)
    return (
      <Delayed>
        <div className="panel skeleton" role="status" aria-label="Loading the job" />
      </Delayed>
    );
  return (
    <div className="stack">
      {isUnknown(error) ? (
        <div className="row">
          <h1 className="mono">{id}</h1>
          <StatusBadge fact={null} large />
        </div>
      ) : null}
      <ProblemPanel error={error} onRetry={() => void refetch()} />
    </div>
  );
}

/** Neither the ledger nor a copy is readable: the job may have any status, or none. */
function isUnknown(error: Error): boolean {
  return error instanceof ApiProblem && error.status === 503;
}

function useRereadOnChange(id: string): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useChanges(
    useCallback(
      ({ job_id }: Transition) => {
        if (job_id !== id || timer.current !== undefined) return;
        timer.current = setTimeout(() => {
          timer.current = undefined;
          void client.invalidateQueries({ queryKey: ["job", id] });
        }, REREAD_MS);
      },
      [client, id],
    ),
  );
}
