import type { Status } from "lockstep/internal/job";

/**
 * BullMQ's words for the state of a job, with their meanings, and one word of ours for a job that
 * is in no list of the queue.
 */
export const BULLMQ_WORDS: Readonly<Record<string, Status>> = {
  waiting: "pending",
  prioritized: "pending",
  delayed: "pending",
  "waiting-children": "pending",
  unlisted: "pending",
  active: "running",
  completed: "completed",
  failed: "failed",
};

/** The job's hash exists, but no list or set of the queue contains it: no worker will find it. */
export const UNLISTED = "unlisted";

/** The lists and sets of a queue and their states, in the order in which jobs move through them. */
export const PLACES = [
  { key: "wait", type: "list", state: "waiting" },
  { key: "paused", type: "list", state: "waiting" },
  { key: "prioritized", type: "set", state: "prioritized" },
  { key: "delayed", type: "set", state: "delayed" },
  { key: "waiting-children", type: "set", state: "waiting-children" },
  { key: "active", type: "list", state: "active" },
  { key: "failed", type: "set", state: "failed" },
  { key: "completed", type: "set", state: "completed" },
] as const;

/** The marker at the end of version 4's lists that wakes a worker; it is not a job. */
export function isMarker(entry: string): boolean {
  return entry.startsWith("0:");
}

/** States from which a worker can still take the job by itself. */
const QUEUED: ReadonlySet<string> = new Set(["waiting", "prioritized", "delayed", "waiting-children"]);

export function isQueued(state: string): boolean {
  return QUEUED.has(state);
}
