import { isTerminal } from "lockstep/internal/job";
import type { Summary, Unknown } from "../views/view.js";
import { comparePair, type Observation, type PairRules } from "./compare-pair.js";
import { PATTERNS, type Pattern } from "./patterns.js";

/** The combined verdict of all views on one job. */
export type Verdict =
  | { readonly type: "agree" }
  /** No view has the job any more. */
  | { readonly type: "gone" }
  /**
   * A view could not be read, or its value could not be parsed: there is no verdict on this job.
   */
  | { readonly type: "unknown"; readonly view: string; readonly answer: Unknown }
  | { readonly type: "unmapped"; readonly words: readonly { readonly view: string; readonly word: string }[] }
  | DriftVerdict;

export interface DriftVerdict {
  readonly type: "drift";
  readonly pattern: Pattern;
  /** The view that disagrees with the record. */
  readonly view: string;
  /** A lock or heartbeat in some view shows that a worker is running the job right now. */
  readonly isLive: boolean;
}

/**
 * Compares two to four views of one job, one of them the record. Pure: the same answers always give
 * the same verdict.
 */
export function compareJob(record: Observation, others: readonly Observation[], rules: PairRules): Verdict {
  const all = [record, ...others];
  for (const { view, answer } of all)
    if (answer.state === "unknown") return { type: "unknown", view, answer };
  if (all.some(isUnmapped))
    return {
      type: "unmapped",
      words: all.filter(isUnmapped).map(({ view, answer }) => ({ view, word: answer.word })),
    };
  if (all.every(({ answer }) => answer.state === "absent")) return { type: "gone" };
  return findDrift(record, others, rules) ?? { type: "agree" };
}

function isUnmapped(observation: Observation): observation is Observation & { readonly answer: Summary } {
  const { answer } = observation;
  return answer.state === "value" && answer.status === null && answer.isCorrupt !== true;
}

function findDrift(
  record: Observation,
  others: readonly Observation[],
  rules: PairRules,
): DriftVerdict | null {
  let worst: { readonly pattern: Pattern; readonly view: string } | null = null;
  for (const other of others) {
    const pattern = comparePair(other, record, rules);
    if (pattern !== null && (worst === null || rank(pattern) < rank(worst.pattern)))
      worst = { pattern, view: other.view };
  }
  if (worst === null) return null;
  const isLive = [record, ...others].some(({ answer }) => answer.state === "value" && answer.lock === "held");
  // Another view has the job, so it is not lost, whatever this view is missing.
  if (isLive && worst.pattern === "lost-runner") return null;
  const view = disagreeingView(others);
  return {
    type: "drift",
    ...(view === null ? worst : { pattern: "contradiction", view: view }),
    isLive,
  };
}

function rank(pattern: Pattern): number {
  return PATTERNS.indexOf(pattern);
}

/**
 * Two queues with different outcomes are no evidence for either outcome.
 * @returns the second queue's name
 */
function disagreeingView(others: readonly Observation[]): string | null {
  let first: Summary | null = null;
  for (const { view, traits, answer } of others) {
    if (traits.role !== "queue" || answer.state !== "value") continue;
    if (answer.status === null || !isTerminal(answer.status)) continue;
    if (first !== null && first.status !== answer.status) return view;
    first ??= answer;
  }
  return null;
}
