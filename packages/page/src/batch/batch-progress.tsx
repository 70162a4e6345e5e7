import { TERMINAL_STATUSES } from "../api/words.js";
import type { Batch } from "./batch-data.js";

/** In the order in which they fill the bar; the rest of the bar is pending. */
const PARTS = [...TERMINAL_STATUSES, "running"] as const;

/** One bar for all jobs, with a segment for each status. */
export function BatchProgress({ batch: { counts, jobs, progress } }: { batch: Batch }) {
  const said = PARTS.map((status) => `${counts[status]} ${status}`).join(", ");
  return (
    <div
      className="batch-bar"
      role="progressbar"
      aria-label="Jobs that have ended"
      aria-valuemin={0}
      aria-valuemax={jobs}
      aria-valuenow={progress.finished}
      aria-valuetext={`${said}, of ${jobs}`}
    >
      {PARTS.map((status) => (
        <span
          key={status}
          data-part={status}
          style={{ width: `${(counts[status] / Math.max(1, jobs)) * 100}%` }}
        />
      ))}
    </div>
  );
}
