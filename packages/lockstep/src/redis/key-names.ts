/** What everything of one projection is called in Redis. */
export interface KeyNames {
  /** The key of a job's value. */
  value(jobId: string): string;
  /** Of every value's key, as SCAN takes it. */
  readonly valuePattern: string;
  /** The key of the projection's record. */
  readonly record: string;
  /** Where changes are published. */
  readonly changes: string;
  /** Where hints are published. */
  readonly wakeUps: string;
}

/**
 * Names from the prefix of the values: `result:` gives `lockstep:generation`, `shop:result:` gives `shop:lockstep:generation`, so
 * that two systems on one Redis differ in all of them, and a user that may touch `shop:*` only can run it.
 */
export function keyNames(prefix: string): KeyNames {
  const namespace = `${prefix.replace(/result:$/, "")}lockstep:`;
  return {
    value: (jobId) => prefix + jobId,
    valuePattern: `${prefix.replace(/[\\*?[\]^-]/g, "\\$&")}*`,
    record: `${namespace}generation`,
    changes: `${namespace}changes`,
    wakeUps: `${namespace}hints`,
  };
}
