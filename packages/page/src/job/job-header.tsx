import { Link } from "@tanstack/react-router";
import { Ago, Lasted } from "../clock/time.js";
import type { KnownJob } from "../live/version-store.js";
import { StatusBadge } from "../status/status-badge.js";
import { plainText } from "../text/plain-text.js";
import { CopyButton } from "./copy-button.js";
import { JobActions } from "./job-actions.js";

/** The job, its status, and its actions. */
export function JobHeader({ job }: { job: KnownJob }) {
  return (
    <div className="panel">
      <div className="job-head">
        <div className="grow">
          <div className="row">
            <h1 className="ellipsis">{job.kind}</h1>
            <StatusBadge fact={job} large />
            {job.cancel_requested_at && job.status === "running" ? (
              <span className="dim">
                cancel requested <Ago at={job.cancel_requested_at} />
              </span>
            ) : null}
          </div>
          <div className="row job-id">
            <span className="mono dim">{job.id}</span>
            <CopyButton text={job.id} label="Copy the id" />
          </div>
        </div>
        <JobActions job={job} />
      </div>
      {job.status === "running" && job.progress ? <Progress progress={job.progress} /> : null}
      <dl className="facts">
        <Fact name="Queue">{job.queue}</Fact>
        <Fact name="Attempt">
          {job.attempt}
          <span className="dim">
            {" "}
            · {job.failures} of {job.max_attempts} failed
          </span>
        </Fact>
        <Fact name="Created">
          <Ago at={job.created_at} />
        </Fact>
        <Fact name="Started">
          <Ago at={job.started_at} />
        </Fact>
        <Fact name={job.finished_at ? "Duration" : "Running for"}>
          <Lasted from={job.started_at} to={job.status === "pending" ? job.started_at : job.finished_at} />
        </Fact>
        <Fact name="Finished">
          <Ago at={job.finished_at} />
        </Fact>
        {job.batch_id ? (
          <Fact name="Batch">
            <Link to="/batches/$id" params={{ id: job.batch_id }} className="mono">
              {job.batch_id.slice(-8)}
            </Link>
          </Fact>
        ) : null}
        {job.tags.length > 0 ? <Fact name="Tags">{job.tags.map(plainText).join(", ")}</Fact> : null}
        {job.unique_key ? <Fact name="Unique key">{plainText(job.unique_key)}</Fact> : null}
        {job.limit_key ? <Fact name="Limit key">{plainText(job.limit_key)}</Fact> : null}
      </dl>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Progress({ progress }: { progress: NonNullable<KnownJob["progress"]> }) {
  const percent = Math.min(100, Math.max(0, Math.floor(progress.fraction * 100)));
  return (
    <div className="job-progress">
      <div className="bar">
        <span style={{ width: `${percent}%` }} />
      </div>
      <span className="dim number">
        {percent} %{progress.message ? ` · ${plainText(progress.message)}` : ""}
      </span>
    </div>
  );
}
