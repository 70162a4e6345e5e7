import type { ClaimedJob, Settlement } from "lockstep/internal/ledger";

/** Releases a job without running it, in the name of the worker that holds it. */
export function released(job: ClaimedJob): Settlement {
  if (job.worker_id === null) throw new Error(`job ${job.id} is held by no worker`);
  return { job_id: job.id, attempt: job.attempt, worker_id: job.worker_id, outcome: { type: "released" } };
}
