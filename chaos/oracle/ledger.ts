import {
  type HistoryEvent,
  isTerminal,
  type ReadEvent,
  type ShownStatus,
  type SubmitEvent,
} from "../history/events.js";
import type { Findings } from "./finding.js";
import { judgeHandlers } from "./handlers.js";
import { judgeStreams } from "./streams.js";

/** One committed transition, as the log has it. */
export interface LoggedTransition {
  readonly version: number;
  readonly from: ShownStatus | null;
  readonly status: ShownStatus;
  readonly attempt: number;
  /** Who made it, why and when: for people. */
  readonly note?: string;
}

/** What the database holds about one job after the run. */
export interface LedgerJob {
  readonly id: string;
  readonly key: string;
  readonly status: ShownStatus;
  readonly version: number;
  readonly attempt: number;
  /** Digest of the output; null: there is none. */
  readonly digest: string | null;
  /** Oldest first. */
  readonly transitions: readonly LoggedTransition[];
  /** Results that came after another worker had the attempt. */
  readonly late: readonly { readonly attempt: number; readonly digest: string | null }[];
  /** Code of the error, when it has one. */
  readonly errorCode: string | null;
}

/**
 * Which status may follow which. Written here a second time, because the oracle trusts no other
 * code.
 */
const MAY_FOLLOW: Readonly<Record<string, readonly ShownStatus[]>> = {
  none: ["pending"],
  pending: ["running", "completed", "cancelled"],
  running: ["completed", "failed", "cancelled", "pending", "running"],
  completed: ["pending"],
  failed: ["pending"],
  cancelled: ["pending"],
};

/** Judges the log alone, and then everything that was seen against the log. */
export function judgeLedger(
  events: readonly HistoryEvent[],
  jobs: readonly LedgerJob[],
  findings: Findings,
): void {
  const byKey = new Map<string, LedgerJob>();
  for (const job of jobs) {
    if (byKey.has(job.key))
      findings.add("two jobs with one key", job.key, `jobs ${byKey.get(job.key)?.id}, ${job.id}`);
    byKey.set(job.key, job);
    judgeLog(job, findings);
  }
  judgeSubmits(events, byKey, findings);
  judgeReads(events, byKey, findings);
  judgeFreshness(events, byKey, findings);
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
        "a transition that is not allowed",
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
    if (!job) continue;
    if (version === null) {
      judgeVersionless(event, job, findings);
      continue;
    }
    const committed = job.transitions[version - 1];
    if (committed?.status !== status)
      findings.add(
        "a status that was never committed",
        key,
        `${view} showed ${status} version ${version}, the log has ${committed?.status}`,
      );
    if (minVersion !== null && version < minVersion)
      findings.add("older than min_version", key, `${view} showed ${version}, asked for ${minVersion}`);
    if (version === job.version && event.digest !== null && event.digest !== job.digest)
      findings.add(
        "a result that differs from the ledger's",
        key,
        `${view} showed ${event.digest}, the ledger has ${job.digest}`,
      );
  }
}

/** A view without versions may be late, but an end that it shows must be committed. */
function judgeVersionless(
  { key, view, status, digest }: ReadEvent,
  job: LedgerJob,
  findings: Findings,
): void {
  if (!isTerminal(status)) return;
  const ends = job.transitions.filter((line) => line.status === status);
  if (ends.length === 0)
    findings.add(
      "a status that was never committed",
      key,
      `${view} showed ${status}, the log has ${job.transitions.map((line) => line.status).join(", ")}`,
    );
  // Only the newest result is known. If a job has completed once, it is the only one.
  else if (status === "completed" && ends.length === 1 && job.status === status && digest !== job.digest)
    findings.add(
      "a result that differs from the ledger's",
      key,
      `${view} showed ${digest}, the ledger has ${job.digest}`,
    );
}

/** @returns the version that an answer proves to be committed; null when it proves none */
function versionProved(answer: ReadEvent | SubmitEvent, job: LedgerJob | undefined): number | null {
  if (answer.version !== null || answer.e === "submit" || !isTerminal(answer.status)) return answer.version;
  return job?.transitions.find((line) => line.status === answer.status)?.version ?? null;
}

function judgeFinalRead(
  { key, view, status, version }: ReadEvent,
  job: LedgerJob | undefined,
  findings: Findings,
): void {
  const differs = status !== (job?.status ?? "absent") || (version !== null && version !== job?.version);
  if (differs)
    findings.add(
      "a view differs after the repair",
      key,
      `${view} ${status} ${version}, ledger ${job?.status} ${job?.version}`,
    );
}

interface Acknowledged {
  readonly version: number;
  readonly by: string;
  /** Shown by a view without versions: the first version with what it showed. */
  readonly inferred: boolean;
}

/** A view that claims to be current is never older than anything shown before the request. */
function judgeFreshness(
  events: readonly HistoryEvent[],
  byKey: ReadonlyMap<string, LedgerJob>,
  findings: Findings,
): void {
  const answers = events.filter((event) => event.e === "read" || event.e === "submit");
  // In the order of time: an answer counts from its arrival, a request from when it was sent.
  const moments = answers.flatMap((answer, index) => [
    { at: answer.began, index, answer, isAnswer: false },
    { at: answer.at, index, answer, isAnswer: true },
  ]);
  moments.sort((a, b) => a.at - b.at || Number(a.isAnswer) - Number(b.isAnswer));
  const newest = new Map<string, Acknowledged>();
  const expected = new Map<number, Acknowledged>();
  for (const { answer, index, isAnswer } of moments) {
    const { key } = answer;
    const version = versionProved(answer, byKey.get(key));
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
        least.inferred ? "shown before it was committed" : "older than what was acknowledged",
        key,
        `${by} showed ${version} after ${least.by} showed ${least.version}`,
      );
    if (version > (known?.version ?? 0)) newest.set(key, { version, by, inferred: answer.version === null });
  }
}

/** Jobs that have not finished. */
export function unfinished(jobs: readonly LedgerJob[]): readonly LedgerJob[] {
  return jobs.filter((job) => !isTerminal(job.status));
}

/** At most one end in each run of a job, that is, between two requeues. @returns jobs with more */
export function doubleEnds(jobs: readonly LedgerJob[]): readonly string[] {
  return jobs
    .filter(({ transitions }) =>
      transitions.some(({ from, status }) => from !== null && isTerminal(from) && status !== "pending"),
    )
    .map((job) => job.key);
}
