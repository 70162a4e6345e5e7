/** Exit codes of the process. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Drift was found, or a plan has changes. */
  drift: 2,
  partlyApplied: 3,
  notAuthorised: 4,
  /** The awaited job failed or was cancelled. */
  jobFailed: 5,
  /** The plan is stale or already used. */
  planStale: 6,
  /** A store could not be read, so the answer is unknown. */
  unknown: 7,
  usage: 64,
  waitTimedOut: 124,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
