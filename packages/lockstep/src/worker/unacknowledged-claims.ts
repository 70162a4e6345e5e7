import type { ClaimedJob, HeldAttempt, WorkerLedger } from "../ledger/index.js";
import type { RunningAttempts } from "./running-attempts.js";
import type { UnsettledOutcomes } from "./unsettled-outcomes.js";

export interface UnacknowledgedClaimsOptions {
  readonly ledger: Pick<WorkerLedger, "heldBy">;
  readonly workerId: string;
  readonly running: Pick<RunningAttempts, "attempts" | "ending">;
  readonly unsettledOutcomes: Pick<UnsettledOutcomes, "all">;
  /** Claimed jobs that have not started yet. */
  waiting(): Iterable<HeldAttempt>;
}

/**
 * Finds jobs of unacknowledged claims: they run in this worker's name, but the worker does not have
 * them because the claim was committed and its answer was lost. Such a job would run forever, with
 * no handler and a live worker. No claim may be in progress meanwhile.
 */
export async function findUnacknowledgedClaims({
  ledger,
  workerId,
  running,
  unsettledOutcomes,
  waiting,
}: UnacknowledgedClaimsOptions): Promise<ClaimedJob[]> {
  const known = new Set<string>();
  const note = (): void => {
    for (const attempt of running.attempts) known.add(keyOf(attempt));
    for (const attempt of waiting()) known.add(keyOf(attempt));
    for (const attempt of running.ending) known.add(keyOf(attempt));
    for (const { settlement } of unsettledOutcomes.all()) known.add(keyOf(settlement));
  };
  // Before and after: an attempt that ends during the request is still running in the answer.
  note();
  const held = await ledger.heldBy(workerId);
  note();
  return held.filter((job) => !known.has(keyOf({ job_id: job.id, attempt: job.attempt })));
}

function keyOf({ job_id, attempt }: HeldAttempt): string {
  return `${job_id} ${attempt}`;
}
