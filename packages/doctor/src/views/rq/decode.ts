import type { Status } from "lockstep/internal/job";
import { readTime } from "../times.js";

/**
 * The fields that are read from a job's hash, in this order. `data` and `result` are pickles and
 * are never read.
 */
export const FIELDS = [
  "status",
  "origin",
  "created_at",
  "enqueued_at",
  "started_at",
  "ended_at",
  "last_heartbeat",
  "worker_name",
  "exc_info",
] as const;

/** RQ's words for the status of a job, and their meanings. */
export const RQ_WORDS: Readonly<Record<string, Status>> = {
  queued: "pending",
  created: "pending",
  deferred: "pending",
  scheduled: "pending",
  started: "running",
  finished: "completed",
  failed: "failed",
  canceled: "cancelled",
  stopped: "cancelled",
};

/** RQ writes times in UTC: with a `Z`, or, before its version 1, without. */
const RQ_ZONE = "UTC";

/**
 * The words of jobs that are in the list of their queue; `deferred` and `scheduled` jobs wait
 * elsewhere.
 */
export const WORD_IN_LIST = "queued";

/** One job of RQ, as far as it can be read without unpickling. */
export interface RqJob {
  readonly word: string;
  /** The queue; "" when the hash does not contain it. */
  readonly origin: string;
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly heartbeatAt: string | null;
  readonly workerName: string | null;
  readonly hasErrorText: boolean;
}

/**
 * Parses the answer of HMGET for FIELDS.
 * @returns null when the hash has no status: it is not a job of RQ
 */
export function decodeJob(values: readonly (string | null)[]): RqJob | null {
  const field = (name: (typeof FIELDS)[number]) => values[FIELDS.indexOf(name)] || null;
  const word = field("status");
  if (word === null) return null;
  return {
    word,
    origin: field("origin") ?? "",
    createdAt: readTime(field("created_at") ?? field("enqueued_at"), RQ_ZONE),
    startedAt: readTime(field("started_at"), RQ_ZONE),
    finishedAt: readTime(field("ended_at"), RQ_ZONE),
    heartbeatAt: readTime(field("last_heartbeat"), RQ_ZONE),
    workerName: field("worker_name"),
    hasErrorText: field("exc_info") !== null,
  };
}

/**
 * The registry of running jobs: members with the Unix time in seconds at which they count as
 * abandoned; -1: never.
 */
export type StartedJobs = ReadonlyMap<string, number>;

/**
 * Parses the answer of ZRANGE ... WITHSCORES for the registry of running jobs. RQ 1 stores the
 * job's id there; RQ 2 stores the job's id, a colon and the execution's id.
 */
export function decodeRunning(flat: readonly string[]): StartedJobs {
  const running = new Map<string, number>();
  const note = (id: string, score: number) => {
    const known = running.get(id);
    if (known === undefined || score === -1 || (known !== -1 && score > known)) running.set(id, score);
  };
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const member = flat[i] ?? "";
    const score = Number(flat[i + 1]);
    if (Number.isNaN(score)) continue;
    note(member, score);
    const colon = member.lastIndexOf(":");
    if (colon > 0) note(member.slice(0, colon), score);
  }
  return running;
}

/**
 * A worker renews its heartbeat at least every 90 s (30 s of monitoring and 60 s of grace);
 * doubled, to be sure.
 */
const HEARTBEAT_SECONDS_MAX = 180;

/**
 * Returns whether a running job's worker is alive. Either the registry or the heartbeat is enough.
 */
export function lockOf(job: RqJob, id: string, running: StartedJobs, nowSeconds: number): "held" | "gone" {
  const until = running.get(id);
  if (until !== undefined && (until === -1 || until >= nowSeconds)) return "held";
  const beat = job.heartbeatAt === null ? Number.NaN : Date.parse(job.heartbeatAt) / 1000;
  return nowSeconds - beat < HEARTBEAT_SECONDS_MAX ? "held" : "gone";
}
