import type { ClaimedJob } from "../ledger/index.js";

/**
 * Milliseconds that the handler may take from its start, or null for no limit. They are measured by
 * this process's monotonic clock. `deadline_at` and `as_of` are not used: they are times of the
 * database's clock, which may have been set between the claim and the answer.
 */
export function limitMs(job: Pick<ClaimedJob, "timeout_ms">, definitionMs: number | null): number | null {
  return job.timeout_ms ?? definitionMs;
}
