import type { JobStatus } from "../api/client.js";
import { absoluteText, agoText } from "../clock/span.js";
import { useNow } from "../clock/time.js";
import { useLedgerReachable } from "../live/health.js";
import "./status.css";
import { StatusIcon } from "./status-icon.js";

/** A status with its source. A status is never shown in another way. */
export interface StatusFact {
  readonly status: JobStatus;
  /** null: the source has no version. */
  readonly version: number | null;
  readonly source: "ledger" | "cache";
  readonly as_of: string;
}

interface StatusBadgeProps {
  readonly fact: StatusFact | null;
  readonly large?: boolean;
  /** The source's own word for the status, if it differs. */
  readonly word?: string | null;
}

/**
 * The only component that draws a status. Solid: read from the ledger. Dashed, with its age: a
 * copy, or data read before the ledger became unreachable. Hollow: unknown.
 */
export function StatusBadge({ fact, large = false, word = null }: StatusBadgeProps) {
  const reachable = useLedgerReachable();
  const size = large ? " status-large" : "";
  if (!fact)
    return (
      <span
        className={`status status-unknown${size}`}
        data-status="unknown"
        title="The status cannot be read now"
      >
        <StatusIcon status="unknown" />
        unknown
      </span>
    );
  const certain = fact.source === "ledger" && reachable;
  return (
    <span
      className={`status status-${fact.status}${certain ? "" : " status-late"}${size}`}
      data-status={fact.status}
      data-version={fact.version ?? undefined}
      data-source={certain ? "ledger" : "cache"}
      title={`${fact.version === null ? "Read" : `Version ${fact.version}, read`} from the ${fact.source} at ${absoluteText(fact.as_of)}`}
    >
      <StatusIcon status={fact.status} />
      {word ?? fact.status}
      {certain ? null : <Age at={fact.as_of} />}
    </span>
  );
}

function Age({ at }: { at: string }) {
  return <span className="status-age">as of {agoText(at, useNow())}</span>;
}
