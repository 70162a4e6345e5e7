import { type HandlerEnd, type HistoryEvent, isTerminal, type ShownStatus } from "../history/events.js";
import type { Findings } from "./finding.js";
import { judgeStreams } from "./streams.js";

/** One committed change, as the log has it. */
export interface LoggedTransition {
  readonly version: number;
  readonly from: ShownStatus | null;
  readonly status: ShownStatus;
  readonly attempt: number;
}

/** What the database holds about one job after the run. */
export interface LedgerJob {
  readonly id: string;
  readonly key: string;
  readonly status: ShownStatus;
  readonly version: number;
  readonly attempt: number;
  /** Of the output; null: there is none. */
  readonly digest: string | null;
  /** Oldest first. */
  readonly transitions: readonly LoggedTransition[];
  /** Results that came after their attempt was given to another. */
  readonly late: readonly { readonly attempt: number; readonly digest: string | null }[];
  /** Of the error, when it has one. */
  readonly errorCode: string | null;
}

/** Which status may follow which. Written down here once more: the oracle takes nobody's word for it. */
const MAY_FOLLOW: Readonly<Record<string, readonly ShownStatus[]>> = {
  none: ["pending"],
  pending: ["running", "completed", "cancelled"],
  running: ["completed", "failed", "cancelled", "pending", "running"],
  completed: ["pending"],
  failed: ["pending"],
  cancelled: ["pending"],
};

/**
 * A process whose event loop turned in this many different seconds after a handler returned had the time to hand the outcome over, or to put it
 * on the disk. Seconds are counted and not time, for a stopped process gets older without being given any.
 */
const HANDED_OVER_BEATS = 5;

/** Judges the log by itself, and then everything that was seen against the log. */
export function judgeLedger(
  events: readonly HistoryEvent[],
  jobs: readonly LedgerJob[],
  findings: Findings,
): void {
  const byKey = new Map<string, LedgerJob>();
  for (const job of jobs) {
    if (byKey.has(job.key))
      findings.add("two jobs of one key", job.key, `jobs ${byKey.get(job.key)?.id}, ${job.id}`);
    byKey.set(job.key, job);
    judgeLog(job, findings);
  }
  judgeSubmits(events, byKey, findings);
  judgeReads(events, byKey, findings);
  judgeFreshness(events, findings);
  judgeHandlers(events, byKey, findings);
  judgeStreams(events, jobs, findings);
}

function judgeLog({ key, status, version, attempt, transitions }: LedgerJob, findings: Findings): void {
  let before: LoggedTransition | null = null;
  for (const [index, transition] of transitions.entries()) {
    if (transition.version !== index + 1)
      findings.add("a gap in the versions", key, `version ${transition.version} is number ${index + 1}`);
    const from = before?.status ?? null;
    if (transition.from !== from || !MAY_FOLLOW[from ?? "none"]?.includes(transition.status))
      findings.add(
        "a step that is not allowed",
        key,
        `${from} to ${transition.status}, logged as from ${transition.from}`,
      );
    if (before && transition.attempt < before.attempt)
      findings.add("an attempt went back", key, `${before.attempt} to ${transition.attempt}`);
    before = transition;
  }
  if (before?.version !== version || before.status !== status || before.attempt !== attempt)
    findings.add(
      "the row differs from its log",
      key,
      `row ${status} ${version}, log ${before?.status} ${before?.version}`,
    );
}

function judgeSubmits(
  events: readonly HistoryEvent[],
  byKey: ReadonlyMap<string, LedgerJob>,
  findings: Findings,
): void {
  for (const event of events) {
    if (event.e !== "submit") continue;
    const job = byKey.get(event.key);
    if (!job) findings.add("an accepted job is missing", event.key, `job ${event.id} was acknowledged`);
    else if (job.id !== event.id)
      findings.add("a submit was answered with two ids", event.key, `${event.id}, in the ledger ${job.id}`);
  }
}

/** Every version that was shown exists, with that status; and every view ends with the last one. */
function judgeReads(
  events: readonly HistoryEvent[],
  byKey: ReadonlyMap<string, LedgerJob>,
  findings: Findings,
): void {
  for (const event of events) {
    if (event.e !== "read") continue;
    const { key, view, status, version, minVersion } = event;
    const job = byKey.get(key);
    if (event.final) judgeFinalRead(event, job, findings);
    if (version === null || !job) continue;
    const committed = job.transitions[version - 1];
    if (committed?.status !== status)
      findings.add(
        "a status that was never committed",
        key,
        `${view} showed ${status} version ${version}, the log has ${committed?.status}`,
      );
    if (minVersion !== null && version < minVersion)
      findings.add("older than asked for", key, `${view} showed ${version}, asked for ${minVersion}`);
    if (version === job.version && event.digest !== null && event.digest !== job.digest)
      findings.add(
        "another result than the ledger's",
        key,
        `${view} showed ${event.digest}, the ledger has ${job.digest}`,
      );
  }
}

function judgeFinalRead(
  { key, view, status, version }: Extract<HistoryEvent, { e: "read" }>,
  job: LedgerJob | undefined,
  findings: Findings,
): void {
  const differs = status !== (job?.status ?? "absent") || (version !== null && version !== job?.version);
  if (differs)
    findings.add(
      "a view differs after healing",
      key,
      `${view} ${status} ${version}, ledger ${job?.status} ${job?.version}`,
    );
}

interface Acknowledged {
  readonly version: number;
  readonly by: string;
}

/** What claims to be true now is never older than anything that was shown before the question was asked. */
function judgeFreshness(events: readonly HistoryEvent[], findings: Findings): void {
  const answers = events.filter((event) => event.e === "read" || event.e === "submit");
  // In the order of time: an answer counts from when it arrived, a question from when it was sent.
  const moments = answers.flatMap((answer, index) => [
    { at: answer.began, index, answer, isAnswer: false },
    { at: answer.at, index, answer, isAnswer: true },
  ]);
  moments.sort((a, b) => a.at - b.at || Number(a.isAnswer) - Number(b.isAnswer));
  const newest = new Map<string, Acknowledged>();
  const expected = new Map<number, Acknowledged>();
  for (const { answer, index, isAnswer } of moments) {
    const { key, version } = answer;
    const known = newest.get(key);
    if (!isAnswer) {
      if (known && answer.e === "read" && answer.claims === "now") expected.set(index, known);
      continue;
    }
    const least = expected.get(index);
    expected.delete(index);
    if (version === null) continue;
    const by = answer.e === "read" ? answer.view : "submit";
    if (least && version < least.version)
      findings.add(
        "older than what was acknowledged",
        key,
        `${by} showed ${version} after ${least.by} showed ${least.version}`,
      );
    if (version > (known?.version ?? 0)) newest.set(key, { version, by });
  }
}

/** An attempt runs once, only when it was granted, and what it returned is what is recorded of it. */
function judgeHandlers(
  events: readonly HistoryEvent[],
  byKey: ReadonlyMap<string, LedgerJob>,
  findings: Findings,
): void {
  const ends = new Map<string, HandlerEnd>();
  const started = new Set<string>();
  const beats = new Map<string, number[]>();
  for (const event of events) {
    if (event.e === "alive") {
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
      findings.add("ran without being granted", event.key, `attempt ${event.attempt}`);
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
        "another result than returned",
        job.key,
        `attempt ${attempt} returned ${end.digest}, recorded ${job.digest}`,
      );
  }
}

/** What a handler returned became the result of its attempt, or lies beside the job. */
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

/** Jobs that have not finished. */
export function unfinished(jobs: readonly LedgerJob[]): readonly LedgerJob[] {
  return jobs.filter((job) => !isTerminal(job.status));
}

/** At most one end in each run of a job: between two requeues. @returns jobs with more */
export function doubleEnds(jobs: readonly LedgerJob[]): readonly string[] {
  return jobs
    .filter(({ transitions }) =>
      transitions.some(({ from, status }) => from !== null && isTerminal(from) && status !== "pending"),
    )
    .map((job) => job.key);
}
