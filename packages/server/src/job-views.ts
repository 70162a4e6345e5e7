import { DatabaseUnavailableError } from "lockstep/internal/errors";
import type { Job, JobCache, Status } from "lockstep/internal/job";
import type { Ledger } from "lockstep/internal/ledger";
import { findJob } from "./routes/find-job.js";

const NO_COPY = "it has no copy of the job, or does not answer";

/** BullMQ's status of bridged jobs. */
export interface BullmqView {
  /**
   * Never throws when Redis is down.
   * @returns null: no bridge copies the job's queue
   */
  get(
    job: Pick<Job, "id" | "queue">,
  ): Promise<
    | { readonly state: "value"; readonly word: string; readonly status: Status }
    | { readonly state: "unknown"; readonly why: string }
    | null
  >;
}

/** One place that shows a job's status, and what it shows. */
interface JobView {
  readonly name: "ledger" | "redis" | "bullmq";
  readonly state: "value" | "unknown";
  readonly status: Status | null;
  /** The place's own word for the status, if it has one. */
  readonly word: string | null;
  /** null also if the place has no versions. */
  readonly version: number | null;
  /** Why it is unknown. */
  readonly why: string | null;
  readonly as_of: string;
}

interface JobViews {
  readonly views: readonly JobView[];
  /** null: fewer than two could be read. */
  readonly agree: boolean | null;
  /**
   * When the ledger made the first transition that another view does not show; null: they agree, or
   * it is unknown.
   */
  readonly disagree_since: string | null;
}

interface Places {
  readonly ledger: Pick<Ledger, "get" | "transitions" | "clock">;
  readonly cache?: JobCache;
  readonly bullmq?: BullmqView;
}

/**
 * Reads a job's status in every place of this server that shows it.
 * @throws JOB_NOT_FOUND
 */
export async function readViews({ ledger, cache, bullmq }: Places, id: string): Promise<JobViews> {
  const [record, copy] = await Promise.all([
    orNull(findJob(ledger, id)),
    cache ? cache.get(id).then((answer) => (answer.state === "hit" ? answer.job : null)) : undefined,
  ]);
  const as_of = await ledger.clock.now();
  const known = record ?? copy;
  const entry = known && bullmq ? await bullmq.get(known) : null;
  const views = [
    seen("ledger", record, { why: "the database does not answer", as_of }),
    ...(copy === undefined ? [] : [seen("redis", copy, { why: NO_COPY, as_of })]),
    ...(entry === null ? [] : [{ ...nothing("bullmq", as_of), ...entry }]),
  ];
  const agree = agreement(views);
  const since = agree === false && record ? await disagreeSince(ledger, record, views) : null;
  return { views, agree, disagree_since: since };
}

function seen(
  name: JobView["name"],
  job: Pick<Job, "status" | "version" | "as_of"> | null,
  unknown: Pick<JobView, "why" | "as_of">,
): JobView {
  if (!job) return { ...nothing(name, unknown.as_of), ...unknown };
  const { status, version, as_of } = job;
  return { ...nothing(name, as_of), state: "value", status, version };
}

function nothing(name: JobView["name"], as_of: string): JobView {
  return { name, state: "unknown", status: null, word: null, version: null, why: null, as_of };
}

function agreement(views: readonly JobView[]): boolean | null {
  const read = views.filter(({ state }) => state === "value");
  const [first] = read;
  if (!first || read.length < 2) return null;
  return read.every((view) => fits(first, view));
}

/**
 * BullMQ keeps no versions, and has no word for a job that was cancelled while it ran: there the
 * job failed.
 */
function fits({ status, version }: JobView, view: JobView): boolean {
  if (view.name !== "bullmq") return view.status === status && view.version === version;
  return view.status === status || (status === "cancelled" && view.status === "failed");
}

async function disagreeSince(
  ledger: Places["ledger"],
  record: Pick<Job, "id" | "version">,
  views: readonly JobView[],
): Promise<string | null> {
  const [truth] = views;
  const missed = views
    .filter((view) => truth && view.state === "value" && !fits(truth, view))
    .map(({ version }) => (version === null ? record.version : version + 1));
  const first = Math.min(...missed);
  const transitions = (await orNull(ledger.transitions(record.id))) ?? [];
  return transitions.find(({ version }) => version === first)?.at ?? null;
}

/** A ledger that cannot be read is an answer here; a ledger without the job is not. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) return null;
    throw error;
  }
}
