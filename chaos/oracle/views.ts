import {
  type HandlerEnd,
  type HistoryEvent,
  isTerminal,
  type ReadEvent,
  type RequeueEvent,
  type ShownStatus,
  type SubmitEvent,
} from "../history/events.js";
import type { Findings } from "./finding.js";

/**
 * Judges by what was submitted, what handlers did, and what views showed. Applies to every system.
 */
export interface ViewVerdict {
  /** Accepted, but in no view after the repair, and no handler ever returned. */
  readonly lost: readonly string[];
  /** Not finished in every view after the repair and the wait. */
  readonly stuck: readonly string[];
  /** Jobs of which one view showed two different ends. */
  readonly doubles: readonly string[];
  /**
   * Longest time after a job's last handler ended in which a current view showed it unfinished, ms.
   */
  readonly longestBehindMs: number;
}

interface JobStory {
  submit: SubmitEvent | null;
  readonly starts: { at: number }[];
  readonly ends: HandlerEnd[];
  readonly reads: ReadEvent[];
  readonly requeues: RequeueEvent[];
}

export type Stories = ReadonlyMap<string, JobStory>;

/** The history, by job. */
export function storiesOf(events: Iterable<HistoryEvent>): Stories {
  const stories = new Map<string, JobStory>();
  const storyOf = (key: string): JobStory => {
    const known = stories.get(key);
    if (known) return known;
    const story: JobStory = { submit: null, starts: [], ends: [], reads: [], requeues: [] };
    stories.set(key, story);
    return story;
  };
  for (const event of events) {
    if (event.e === "submit") storyOf(event.key).submit ??= event;
    else if (event.e === "start") storyOf(event.key).starts.push(event);
    else if (event.e === "end") storyOf(event.key).ends.push(event);
    else if (event.e === "read") storyOf(event.key).reads.push(event);
    else if (event.e === "requeue") storyOf(event.key).requeues.push(event);
  }
  for (const story of stories.values()) story.reads.sort((a, b) => a.at - b.at);
  return stories;
}

/** Judges what every view showed of every job. Wrong answers go to `findings`. */
export function judgeViews(stories: Stories, findings: Findings): ViewVerdict {
  const verdict = {
    lost: [] as string[],
    stuck: [] as string[],
    doubles: [] as string[],
    longestBehindMs: 0,
  };
  for (const [key, story] of stories) {
    judgeCompletions(key, story, findings);
    judgeOrder(key, story, findings);
    if (judgeEnds(key, story, findings)) verdict.doubles.push(key);
    const final = judgeFinal(key, story, findings);
    if (final !== "finished") verdict[final].push(key);
    verdict.longestBehindMs = Math.max(verdict.longestBehindMs, behindMs(story));
  }
  return verdict;
}

/**
 * No view may show a completion before a handler returned, or a result that no handler returned.
 */
function judgeCompletions(key: string, { reads, ends }: JobStory, findings: Findings): void {
  const returned = ends.filter((end) => end.how === "returned");
  const first = Math.min(...returned.map((end) => end.at));
  const digests = new Set(returned.map((end) => end.digest));
  for (const read of reads) {
    if (read.status !== "completed") continue;
    if (read.at < first)
      findings.add(
        "shown completed too early",
        key,
        `${read.view} showed completed before any handler returned`,
      );
    // A value that no database can hold may be stored changed; only systems that promise more are
    // checked.
    else if (read.digest !== null && !digests.has(read.digest) && !digests.has(null))
      findings.add("a result that no handler returned", key, `${read.view} showed the result ${read.digest}`);
  }
}

/**
 * Once a client has seen a job finished in a view, that view may not show it unfinished to the same
 * client.
 */
function judgeOrder(key: string, { reads, requeues }: JobStory, findings: Findings): void {
  const finished = new Map<string, ReadEvent>();
  for (const read of reads) {
    const place = `${read.client} ${read.view} ${read.claims}`;
    const before = finished.get(place);
    if (isTerminal(read.status)) finished.set(place, read);
    if (!before || isTerminal(read.status) || read.began < before.at) continue;
    if (requeues.some((requeue) => requeue.began < read.at && requeue.at > before.began)) continue;
    if (read.claims === "late") continue;
    findings.add("went back", key, `${read.view} showed ${before.status}, then ${read.status}`);
    finished.delete(place);
  }
}

/** A job without a requeue ends once. */
function judgeEnds(key: string, { reads, requeues }: JobStory, findings: Findings): boolean {
  if (requeues.length > 0) return false;
  const shown = new Map<string, Set<string>>();
  for (const { view, status, digest } of reads) {
    if (!isTerminal(status)) continue;
    const ends = shown.get(view) ?? new Set();
    shown.set(view, ends.add(status === "completed" && digest !== null ? `completed ${digest}` : status));
  }
  for (const [view, ends] of shown) {
    const hasDigest = [...ends].some((end) => end.startsWith("completed "));
    const plain = [...ends].filter((end) => end !== "completed" || !hasDigest);
    if (plain.length < 2) continue;
    findings.add("two ends", key, `${view} showed ${plain.join(", then ")}`);
    return true;
  }
  return false;
}

/** After the repair every view must say the same, and that the job has finished. */
function judgeFinal(
  key: string,
  { reads, submit, ends }: JobStory,
  findings: Findings,
): "finished" | "lost" | "stuck" {
  const last = new Map<string, ShownStatus>();
  for (const read of reads) if (read.final) last.set(read.view, read.status);
  if (last.size === 0) return "finished";
  const statuses = new Set(last.values());
  if (statuses.size > 1) {
    const said = [...last].map(([view, status]) => `${view} ${status}`).join(", ");
    findings.add("views disagree permanently", key, `after the repair: ${said}`);
  }
  if (statuses.size === 1 && statuses.has("absent")) {
    const ran = ends.some((end) => end.how === "returned");
    return submit !== null && !ran ? "lost" : "finished";
  }
  return [...statuses].every((status) => isTerminal(status) || status === "absent") ? "finished" : "stuck";
}

/**
 * How long a view that claims to be current showed the job unfinished after its last handler ended.
 */
function behindMs({ reads, ends, requeues }: JobStory): number {
  if (ends.length === 0 || requeues.length > 0) return 0;
  const over = Math.max(...ends.map((end) => end.at));
  let longest = 0;
  for (const read of reads)
    if (read.claims === "now" && !isTerminal(read.status) && read.began > over)
      longest = Math.max(longest, read.began - over);
  return longest;
}
