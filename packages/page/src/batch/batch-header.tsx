import { Link } from "@tanstack/react-router";
import { Ago } from "../clock/time.js";
import "../job/job.css";
import { STATUSES } from "../api/words.js";
import { CopyButton } from "../job/copy-button.js";
import { StatusIcon } from "../status/status-icon.js";
import { plainText } from "../text/plain-text.js";
import { BatchActions } from "./batch-actions.js";
import type { Batch } from "./batch-data.js";
import { BatchProgress } from "./batch-progress.js";

/** The batch, its progress, and the number of jobs in each status, all read at one moment. */
export function BatchHeader({ batch }: { batch: Batch }) {
  return (
    <div className="panel">
      <div className="job-head">
        <div className="grow">
          <h1 className="ellipsis" title={plainText(batch.name)}>
            {plainText(batch.name)}
          </h1>
          <div className="row job-id">
            <span className="mono dim">{batch.id}</span>
            <CopyButton text={batch.id} label="Copy the id" />
          </div>
        </div>
        <BatchActions batch={batch} />
      </div>
      <div className="batch-progress">
        <BatchProgress batch={batch} />
        <p className="dim number">
          {batch.progress.finished.toLocaleString("en")} of {batch.jobs.toLocaleString("en")} {batch.kind}{" "}
          jobs have ended, {percent(batch)} % · submitted <Ago at={batch.created_at} /> by{" "}
          {plainText(batch.actor)} · read <Ago at={batch.as_of} />
          {batch.archived > 0 ? ` · ${batch.archived.toLocaleString("en")} archived` : ""}
        </p>
      </div>
      <nav className="batch-counts" aria-label="Jobs by status">
        {STATUSES.map((status) => (
          <Link
            key={status}
            to="/jobs"
            search={{ status, batch: batch.id }}
            className="batch-count"
            data-count={status}
          >
            <span className={`count-name tone-${status}`}>
              <StatusIcon status={status} /> {status}
            </span>
            <strong className="number">{batch.counts[status].toLocaleString("en")}</strong>
          </Link>
        ))}
      </nav>
    </div>
  );
}

/** Rounded down: 100 only when all have ended. */
function percent({ progress }: Batch): number {
  return Math.floor(progress.fraction * 100);
}
