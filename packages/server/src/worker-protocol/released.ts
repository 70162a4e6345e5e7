import type { ClaimedJob, Settlement } from "lockstep/internal/ledger";

/** Releases a job without running it, in the name of the worker that holds it. */
export function released(job: ClaimedJob): Settlement {
  if (job.worker_id === null) throw new Error(`job ${job.id} is held by no worker`);
  const { id: job_id, attempt, worker_id, claim_token } = job;
  return { job_id, attempt, worker_id, claim_token, outcome: { type: "released" } };
}
