import { PLACES } from "./states.js";

/**
 * The keys of one queue. They have the same names in BullMQ 4, 5 and 6, but not every version uses
 * all of them.
 */
export interface QueueKeys {
  /**
   * In the order that the scripts expect: wait, paused, prioritized, delayed, waiting-children,
   * active, failed, completed.
   */
  readonly places: readonly string[];
  /** The prefix before a job's id in the key of its hash. */
  readonly jobPrefix: string;
  /** The counter of all jobs that were ever added. */
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
