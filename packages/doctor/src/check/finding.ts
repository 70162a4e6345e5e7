import type { Status } from "lockstep/internal/job";
import type { DriftVerdict } from "../compare/compare-job.js";
import type { Observation } from "../compare/compare-pair.js";
import type { Pattern } from "../compare/patterns.js";
import type { Value } from "../views/view.js";
import { type Cause, causeOf } from "./cause.js";

/** One job in drift: its views disagree, and not only for a moment. */
export interface DriftFinding {
  readonly id: string;
  readonly pattern: Pattern;
  /** The view that disagrees with the record. */
  readonly view: string;
  readonly record: string;
  /** A lock or heartbeat is live, so the job is never repaired. */
  readonly is_live: boolean;
  /** Start of the drift, as far as the times show it; null: no view has a time. */
  readonly since: string | null;
  readonly cause: Cause;
  readonly views: readonly Shown[];
}

/** What one view shows, for a report. */
export interface Shown {
  readonly view: string;
  readonly state: "value" | "absent" | "unknown";
  readonly word: string | null;
  readonly status: Status | null;
  readonly created_at: string | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly updated_at: string | null;
  readonly attempt: number | null;
  readonly lock: "held" | "gone" | null;
  /** JSON text, truncated when it is long. */
  readonly result: string | null;
  readonly error: string | null;
  readonly evidence: readonly string[];
}

/** A report does not need results of many megabytes. */
const TEXT_MAX = 2_000;

export interface FindingOf {
  readonly id: string;
  readonly verdict: DriftVerdict;
  readonly record: Observation<Value>;
  readonly others: readonly Observation<Value>[];
}

export function findingOf({ id, verdict, record, others }: FindingOf): DriftFinding {
  const views = [...others, record].map(shownOf);
  return {
    id,
    pattern: verdict.pattern,
    view: verdict.view,
    record: record.view,
    is_live: verdict.isLive,
    since: sinceOf(views, verdict.view, record.view),
    cause: causeOf(verdict, record, others),
    views,
  };
}

export function shownOf({ view, answer }: Observation<Value>): Shown {
  const value = answer.state === "value" ? answer : null;
  return {
    view,
    state: answer.state,
    word: value?.word ?? null,
    status: value?.status ?? null,
    created_at: value?.createdAt ?? null,
    started_at: value?.startedAt ?? null,
    finished_at: value?.finishedAt ?? null,
    updated_at: value?.updatedAt ?? null,
    attempt: value?.attempt ?? null,
    lock: value?.lock ?? null,
    result: cut(value?.resultJson),
    error: cut(value?.errorJson),
    evidence: answer.state === "unknown" ? [answer.why] : (value?.evidence ?? []),
  };
}

function cut(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX)}…`;
}

/** The later of the two sides' latest times: they have differed since then. */
function sinceOf(views: readonly Shown[], other: string, record: string): string | null {
  const times = views
    .filter(({ view }) => view === other || view === record)
    .map(
      ({ finished_at, updated_at, started_at, created_at }) =>
        finished_at ?? updated_at ?? started_at ?? created_at,
    )
    .filter((time) => time !== null);
  return times.length === 0 ? null : times.reduce((a, b) => (Date.parse(a) >= Date.parse(b) ? a : b));
}
