import { PLACES } from "./states.js";

/** The keys of one queue. They are the same in BullMQ 4, 5 and 6, each of which has some that others lack. */
export interface QueueKeys {
  /** In the order that the scripts expect: wait, paused, prioritized, delayed, waiting-children, active, failed, completed. */
  readonly places: readonly string[];
  /** What comes before a job's id in the key of its hash. */
  readonly jobPrefix: string;
  /** Counts every job that was ever added. */
  readonly counter: string;
  readonly meta: string;
}

export function queueKeys(prefix: string, queue: string): QueueKeys {
  return keysOfQueue(`${prefix}:${queue}`);
}

/** @param qualifiedName a queue's name with its prefix */
export function keysOfQueue(qualifiedName: string): QueueKeys {
  const jobPrefix = `${qualifiedName}:`;
  return {
    places: PLACES.map(({ key }) => `${jobPrefix}${key}`),
    jobPrefix,
    counter: `${jobPrefix}id`,
    meta: `${jobPrefix}meta`,
  };
}
