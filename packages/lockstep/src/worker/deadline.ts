import type { ClaimedJob } from "../ledger/index.js";

/**
 * Milliseconds the attempt may still take, or null for no limit. Both times in the job are the
 * database's, so the clocks of the two machines need not agree.
 */
export function remainingMs(
  job: Pick<ClaimedJob, "deadline_at" | "as_of" | "timeout_ms">,
  definitionMs: number | null,
): number | null {
  if (job.deadline_at !== null) return Math.max(0, Date.parse(job.deadline_at) - Date.parse(job.as_of));
  return job.timeout_ms ?? definitionMs;
}
