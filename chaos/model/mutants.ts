import { type CopyMutant, copyModel } from "./copy-model.js";
import { type Exploration, explore } from "./explore.js";
import { type FeedMutant, feedModel } from "./feed-model.js";
import { type Budget, type JobsBounds, type JobsMutant, jobsModel } from "./jobs-model.js";

const NOTHING: Budget = { crash: 0, stop: 0, outage: 0, hold: 0, loss: 0, cancel: 0, requeue: 0, timeout: 0 };

/** Bounds that are explored completely, each with other faults. */
export const JOBS_BOUNDS: Readonly<Record<string, JobsBounds>> = {
  "deaths and lost answers": { jobs: 1, workers: 2, left: { ...NOTHING, crash: 1, loss: 2 } },
  "stops, outages and held requests": {
    jobs: 1,
    workers: 2,
    left: { ...NOTHING, stop: 1, outage: 1, hold: 1 },
  },
  "cancels and requeues": { jobs: 1, workers: 1, left: { ...NOTHING, cancel: 1, requeue: 1, hold: 1 } },
  "two operators": { jobs: 1, workers: 1, left: { ...NOTHING, requeue: 2 } },
  deadlines: { jobs: 1, workers: 1, left: { ...NOTHING, timeout: 2, cancel: 1 } },
  "two losses": { jobs: 1, workers: 1, left: { ...NOTHING, crash: 2 } },
  "two jobs": { jobs: 2, workers: 2, left: NOTHING },
};

const JOBS_MUTANTS: Readonly<Record<JobsMutant, keyof typeof JOBS_BOUNDS>> = {
  "settle without the attempt": "stops, outages and held requests",
  "settle without the status": "stops, outages and held requests",
  "settle by id alone": "stops, outages and held requests",
  "a late result into any pending job": "cancels and requeues",
  "claim decided in a SELECT": "deaths and lost answers",
  "claim keeps the attempt": "deaths and lost answers",
  "sweep decided in a SELECT": "stops, outages and held requests",
  "sweep without looking at the heartbeat again": "stops, outages and held requests",
  "no grace period after an outage": "stops, outages and held requests",
  "acknowledge a submit before its commit": "deaths and lost answers",
  "submit without a key": "deaths and lost answers",
  "cancel without looking at the status": "cancels and requeues",
  "requeue without the version": "two operators",
  "requeue resets the attempt": "cancels and requeues",
  "swallow the error of a settle": "deaths and lost answers",
  "never look for lost claims": "deaths and lost answers",
  "empty the spool before the answer": "deaths and lost answers",
  "progress without the fence": "stops, outages and held requests",
  "a request to cancel does not count as a version": "cancels and requeues",
  "spools of dead workers are not read": "deaths and lost answers",
  "a late result is dropped": "stops, outages and held requests",
};

const FEED_MUTANTS: readonly FeedMutant[] = [
  "a cursor over the sequence",
  "a position without open transactions",
  "save the position before the delivery",
];

const COPY_MUTANTS: readonly CopyMutant[] = [
  "write any version",
  "skip the generation key",
  "a miss means pending",
  "move the record before the value",
  "rebuild without saving the position first",
  "a replaced projector may still move the record",
  "answer below min_version",
  "ready before the rebuild ends",
];

export interface ModelMutant {
  readonly model: "jobs" | "feed" | "copy";
  readonly name: string;
  explore(): Exploration;
}

/** Every protocol with one guard removed. */
export function modelMutants(): readonly ModelMutant[] {
  const jobs = (Object.entries(JOBS_MUTANTS) as [JobsMutant, string][]).map(([name, bounds]) => ({
    model: "jobs" as const,
    name,
    explore: () => explore(jobsModel(boundsOf(bounds), name)),
  }));
  const feed = FEED_MUTANTS.map((name) => ({
    model: "feed" as const,
    name,
    explore: () => explore(feedModel(3, name)),
  }));
  const copy = COPY_MUTANTS.map((name) => ({
    model: "copy" as const,
    name,
    explore: () => explore(copyModel(name)),
  }));
  return [...jobs, ...feed, ...copy];
}

function boundsOf(name: string): JobsBounds {
  const bounds = JOBS_BOUNDS[name];
  if (!bounds) throw new RangeError(`there are no bounds ${name}`);
  return bounds;
}
