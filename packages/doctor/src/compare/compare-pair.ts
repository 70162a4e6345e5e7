import { isTerminal } from "lockstep/internal/job";
import type { Answer, Summary, ViewTraits } from "../views/view.js";
import type { Pattern } from "./patterns.js";
import { isSameResult } from "./same-result.js";

/** What one view shows for one job. */
export interface Observation<V extends Summary = Summary> {
  /** The view's name. */
  readonly view: string;
  readonly traits: ViewTraits;
  readonly answer: Answer<V>;
}

export interface PairRules {
  readonly compareResults: boolean;
}

/**
 * Returns how a view disagrees with the record about one job. Both answers are known, and their
 * words are mapped.
 * @returns null when they agree, or differ in a permitted way (a job moving from one to the other)
 */
export function comparePair(other: Observation, record: Observation, rules: PairRules): Pattern | null {
  if (record.answer.state === "absent") return withoutRecord(other, record);
  if (record.answer.state !== "value") return null;
  if (other.answer.state === "absent")
    return record.answer.mayHaveLeft === true ? null : absentFrom(other.traits, record.answer);
  if (other.answer.state !== "value") return null;
  return other.traits.role === "surface"
    ? compareSurface({ other, shown: other.answer, record, known: record.answer, rules })
    : compareQueue({ other, shown: other.answer, record, known: record.answer, rules });
}

interface Pair {
  readonly other: Observation;
  readonly shown: Summary;
  readonly record: Observation;
  readonly known: Summary;
  readonly rules: PairRules;
}

function withoutRecord(other: Observation, record: Observation): Pattern | null {
  if (other.answer.state !== "value" || record.traits.absence === "silent") return null;
  return other.traits.role === "surface" ? "stale-surface" : "orphan";
}

function absentFrom(traits: ViewTraits, known: Summary): Pattern | null {
  if (traits.absence === "silent") return null;
  if (traits.role === "surface") return "stale-surface";
  return withoutEntry(known);
}

/**
 * The queue does not hold the job, or holds it where no worker looks. A finished job may have left
 * the queue.
 */
function withoutEntry(known: Summary): Pattern | null {
  if (known.status === "pending") return "lost-enqueue";
  return known.status === "running" && known.lock !== "held" ? "lost-runner" : null;
}

function compareSurface(pair: Pair): Pattern | null {
  const { shown, known } = pair;
  if (shown.status !== known.status) return "stale-surface";
  const isOther =
    shown.revision !== undefined && known.revision !== undefined && shown.revision !== known.revision;
  if (isOther) return "stale-surface";
  return shown.isAltered === true ? "result-mismatch" : compareResult(pair);
}

function compareQueue(pair: Pair): Pattern | null {
  const { shown, known } = pair;
  if (shown.status === null || known.status === null) return null;
  const hasEnded = isTerminal(known.status);
  if (isTerminal(shown.status)) {
    if (!hasEnded) return known.status === "running" ? "stuck-running" : "skipped-states";
    return shown.status === known.status ? compareResult(pair) : "contradiction";
  }
  if (hasEnded) return "already-done";
  if (shown.status === "pending") return shown.isQueued === false ? withoutEntry(known) : null;
  return known.status === "running" && shown.lock === "gone" && known.lock !== "held" ? "stalled" : null;
}

/**
 * When only the view has a result, users do not get it. When only the record has one, it has just
 * left the queue.
 */
function compareResult({ shown, record, known, rules }: Pair): Pattern | null {
  if (!rules.compareResults || shown.status !== "completed" || shown.result === undefined) return null;
  if (!record.traits.keepsResults) return null;
  return known.result !== undefined && isSameResult(shown.result, known.result) ? null : "result-mismatch";
}
