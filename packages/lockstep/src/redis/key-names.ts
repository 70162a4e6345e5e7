/** The names in Redis of everything in one projection. */
export interface KeyNames {
  /** The key of a job's value. */
  value(jobId: string): string;
  /** Pattern for SCAN that matches every value's key. */
  readonly valuePattern: string;
  /** The key of the projection's record. */
  readonly record: string;
  /** Channel for changes. */
  readonly changes: string;
  /** Channel for wake-ups. */
  readonly wakeUps: string;
}

/**
 * Derives the names from the prefix of the values: `result:` gives `lockstep:generation`, and
 * `shop:result:` gives `shop:lockstep:generation`. So two systems on one Redis have different
 * names, and a Redis user with access to `shop:*` only can run it.
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
