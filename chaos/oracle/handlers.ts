import type { HandlerEnd, HistoryEvent } from "../history/events.js";
import type { Findings } from "./finding.js";
import type { LedgerJob } from "./ledger.js";

/**
 * A process had the time to settle the outcome, or to write it to disk, if its event loop ran in
 * this many different seconds after a handler returned, with a disk that accepted writes. Seconds
 * in which the event loop ran are counted instead of elapsed time, because a stopped process gets
 * no time.
 */
const HANDED_OVER_BEATS = 3;

/** An attempt runs once, only when it was granted, and its recorded result is what it returned. */
export function judgeHandlers(
  events: readonly HistoryEvent[],
  byKey: ReadonlyMap<string, LedgerJob>,
  findings: Findings,
): void {
  const ends = new Map<string, HandlerEnd>();
  const started = new Set<string>();
  const beats = new Map<string, number[]>();
  for (const event of events) {
    if (event.e === "alive" && event.disk) {
      const mine = beats.get(event.process);
      if (mine) mine.push(event.at);
      else beats.set(event.process, [event.at]);
    }
    if (event.e === "end") ends.set(`${event.key} ${event.attempt}`, event);
    if (event.e !== "start") continue;
    const name = `${event.key} ${event.attempt}`;
    if (started.has(name)) findings.add("an attempt ran twice", event.key, `attempt ${event.attempt}`);
    started.add(name);
    const job = byKey.get(event.key);
    if (!job?.transitions.some(({ status, attempt }) => status === "running" && attempt === event.attempt))
      findings.add("an attempt ran without a grant", event.key, `attempt ${event.attempt}`);
  }
  for (const job of byKey.values()) judgeResult(job, ends, findings);
  for (const end of ends.values()) {
    const after = (beats.get(end.process) ?? []).filter((at) => at > end.at).length;
    if (after >= HANDED_OVER_BEATS) judgeKept(end, byKey.get(end.key), findings);
  }
}

function judgeResult(job: LedgerJob, ends: ReadonlyMap<string, HandlerEnd>, findings: Findings): void {
  for (const { status, attempt, version } of job.transitions) {
    if (status !== "completed") continue;
    const end = ends.get(`${job.key} ${attempt}`);
    if (end?.how !== "returned")
      findings.add(
        "completed without a handler",
        job.key,
        `attempt ${attempt} is completed, its handler ${end?.how ?? "was not seen to end"}`,
      );
    else if (version === job.version && end.digest !== job.digest)
      findings.add(
        "a result that differs from the returned one",
        job.key,
        `attempt ${attempt} returned ${end.digest}, recorded ${job.digest}`,
      );
  }
}

/** What a handler returned became the result of its attempt, or is kept with the job. */
function judgeKept(end: HandlerEnd, job: LedgerJob | undefined, findings: Findings): void {
  if (end.how !== "returned" || end.digest === null || !job) return;
  const { attempt, digest } = end;
  const isRecorded = job.transitions.some((line) => line.status === "completed" && line.attempt === attempt);
  const isKept = job.late.some((late) => late.attempt === attempt && late.digest === digest);
  if (!isRecorded && !isKept)
    findings.add(
      "a result was dropped",
      job.key,
      `attempt ${attempt} returned ${digest}; the job is ${job.status}, attempt ${job.attempt}`,
    );
}
