import type { DriftVerdict } from "../compare/compare-job.js";
import type { Observation } from "../compare/compare-pair.js";
import type { Pattern } from "../compare/patterns.js";
import type { Value } from "../views/view.js";

/** The likely cause, and the evidence for it in the data. */
export interface Cause {
  readonly code: string;
  /** The same sentence for every job with this cause. */
  readonly sentence: string;
  /** The evidence for this job. */
  readonly evidence: string;
}

interface Sides {
  readonly other: Value | null;
  readonly record: Value | null;
  readonly otherName: string;
  readonly recordName: string;
}

/** The likely cause of one finding. Pure. */
export function causeOf(
  verdict: DriftVerdict,
  record: Observation<Value>,
  others: readonly Observation<Value>[],
): Cause {
  const other = others.find(({ view }) => view === verdict.view);
  return CAUSES[verdict.pattern]({
    other: other?.answer.state === "value" ? other.answer : null,
    record: record.answer.state === "value" ? record.answer : null,
    otherName: verdict.view,
    recordName: record.view,
  });
}

const CAUSES: Readonly<Record<Pattern, (sides: Sides) => Cause>> = {
  "stuck-running": lostWrite,
  "skipped-states": (sides) => ({
    code: "no-write-arrived",
    sentence: `Neither the start nor the end of the job was written to ${sides.recordName}. Its writer was down, or it writes somewhere else.`,
    evidence: lastTouched(sides),
  }),
  "lost-enqueue": (sides) => ({
    code: "never-queued",
    sentence: `The row was committed in ${sides.recordName}, but the job never reached ${sides.otherName}, or was lost there.`,
    evidence:
      sides.other === null
        ? `${sides.otherName} has no such job; the row is from ${sides.record?.createdAt ?? "an unknown time"}`
        : sides.other.evidence.join("; "),
  }),
  "lost-runner": (sides) => ({
    code: "worker-gone",
    sentence: `The worker took the job from ${sides.otherName} and died, or the queue was emptied while it ran.`,
    evidence: lastTouched(sides),
  }),
  "already-done": (sides) => ({
    code: "not-acknowledged",
    sentence: `The outcome was written to ${sides.recordName} but not to ${sides.otherName}. The worker died between the two writes.`,
    evidence: [lastTouched(sides), ...(sides.other?.evidence ?? [])].join("; "),
  }),
  stalled: (sides) => ({
    code: "lock-gone",
    sentence: `The worker that ran it stopped renewing its lock in ${sides.otherName}.`,
    evidence: [lastTouched(sides), ...(sides.other?.evidence ?? [])].join("; "),
  }),
  contradiction: (sides) => ({
    code: "two-outcomes",
    sentence: "The job ran twice, or one side was changed by hand.",
    evidence: `${described(sides.otherName, sides.other)}; ${described(sides.recordName, sides.record)}`,
  }),
  "result-mismatch": otherResult,
  orphan: (sides) => ({
    code: "no-row",
    sentence: `The row was deleted from ${sides.recordName}, or its transaction was rolled back after the job was queued.`,
    evidence: described(sides.otherName, sides.other),
  }),
  "stale-surface": (sides) => ({
    code: "answers-from-memory",
    sentence: `${sides.otherName} answers from data that is not updated when ${sides.recordName} changes.`,
    evidence: `${described(sides.otherName, sides.other)}; ${described(sides.recordName, sides.record)}`,
  }),
};

function otherResult(sides: Sides): Cause {
  const { other, record, otherName, recordName } = sides;
  const evidence = `${described(otherName, other)}; ${described(recordName, record)}`;
  if (other?.isAltered === true) {
    const sentence = `${otherName} shows a result or error that does not belong to its version. Somebody changed the copy.`;
    return { code: "copy-changed", sentence, evidence };
  }
  if (record?.resultJson !== undefined)
    return {
      code: "two-results",
      sentence: "The job ran twice, or its result was changed on one side.",
      evidence,
    };
  return {
    code: "result-not-copied",
    sentence: `The status was written to ${recordName}, but the result was not.`,
    evidence: `${recordName} has no result, ${otherName} has one of ${other?.resultJson?.length ?? 0} characters`,
  };
}

/** The queue finished after the last change of the record: the write to the record was lost. */
function lostWrite(sides: Sides): Cause {
  const { other, record } = sides;
  const sentence = `The worker reported the end of the job to ${sides.otherName}. Its write to ${sides.recordName} failed and was never repeated.`;
  const finished = other?.finishedAt ?? other?.updatedAt ?? null;
  const touched = record?.updatedAt ?? record?.startedAt ?? null;
  if (finished !== null && touched !== null && Date.parse(touched) > Date.parse(finished))
    return {
      code: "written-back",
      sentence: `${sides.recordName} was changed after ${sides.otherName} had the outcome. A late progress write or a second run put the old status back.`,
      evidence: lastTouched(sides),
    };
  return { code: "swallowed-write", sentence, evidence: lastTouched(sides) };
}

function lastTouched({ other, record, otherName, recordName }: Sides): string {
  return (
    [...lastTime(otherName, other), ...lastTime(recordName, record)].join("; ") || "neither side has a time"
  );
}

function lastTime(name: string, value: Value | null): string[] {
  if (value === null) return [];
  if (value.finishedAt !== null) return [`${name} finished it at ${value.finishedAt}`];
  if (value.updatedAt !== null) return [`${name} last changed at ${value.updatedAt}`];
  return value.startedAt === null ? [] : [`${name} started it at ${value.startedAt}`];
}

function described(name: string, value: Value | null): string {
  if (value === null) return `${name} has none`;
  const time = value.finishedAt ?? value.updatedAt;
  const attempt = value.attempt === null ? "" : `, attempt ${value.attempt}`;
  return `${name} says ${value.word}${time === null ? "" : ` at ${time}`}${attempt}`;
}
