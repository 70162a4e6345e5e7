import type { ClaimedJob } from "../ledger/index.js";

const TIMER_MS_MAX = 2_147_483_647;

/**
 * Milliseconds the attempt may take from now, or null for no limit. Both of the job's times are the database's, so the
 * clocks of the two machines need not agree.
 */
export function remainingMs(
  job: Pick<ClaimedJob, "deadline_at" | "as_of" | "timeout_ms">,
  definitionMs: number | null,
): number | null {
  if (job.deadline_at !== null) return Math.max(0, Date.parse(job.deadline_at) - Date.parse(job.as_of));
  return job.timeout_ms ?? definitionMs;
}

/** A timer for any number of milliseconds; `setTimeout` alone fires at once beyond 24.8 days. @returns what clears it */
export function startTimer(ms: number, onTime: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, TIMER_MS_MAX);
    timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : onTime()), stepMs);
  };
  arm(ms);
  return () => clearTimeout(timer);
}
