import { LockstepError } from "lockstep/internal/errors";
import type { ClaimedJob, HeldAttempt, ProgressWrite } from "lockstep/internal/ledger";
import type { ServerContext } from "../server-context.js";
import type { HeartbeatAnswer, HeldJob } from "../wire/worker.js";
import { released } from "./released.js";

/**
 * Renews a worker's lease, records progress and log lines of its jobs, and reports which of them
 * must stop.
 * @throws WORKER_NOT_FOUND when the worker is considered lost: it must register again and drop its
 *   jobs
 */
export async function heartbeat(
  context: ServerContext,
  workerId: string,
  held: readonly HeldJob[],
): Promise<HeartbeatAnswer> {
  const { ledger } = context;
  if (!(await ledger.heartbeat(workerId)))
    throw new LockstepError("WORKER_NOT_FOUND", "There is no worker with this id: register again.");
  const writes = held.flatMap(toWrite);
  const refused = writes.length > 0 ? await ledger.report(workerId, writes) : [];
  const stopRequests = held.length > 0 ? await ledger.stopRequests(workerId, held) : [];
  await releaseLost(context, workerId, held);
  const why = new Map([
    ...refused.map((attempt) => [keyOf(attempt), "fenced"] as const),
    ...stopRequests.map((stopRequest) => [keyOf(stopRequest), stopRequest.why] as const),
  ]);
  return {
    jobs: held.map(({ job_id, attempt }) => ({
      job_id,
      attempt,
      recall: why.get(keyOf({ job_id, attempt })) ?? null,
    })),
  };
}

function toWrite({ job_id, attempt, progress, logs }: HeldJob): ProgressWrite[] {
  return progress || logs.length > 0 ? [{ job_id, attempt, progress: progress ?? null, logs }] : [];
}

/**
 * Releases jobs that the worker was granted but does not know, because the answer to its claim was
 * lost: a worker that does not know of the job would keep its lease forever. The answer to a grant
 * younger than a lease may still be on its way. If the worker did receive it, it is fenced when it
 * settles, like any worker whose job was taken away.
 */
async function releaseLost(
  { ledger, leaseSeconds }: ServerContext,
  workerId: string,
  held: readonly HeldJob[],
): Promise<void> {
  const known = new Set(held.map(keyOf));
  const lost = (await ledger.heldBy(workerId)).filter(
    (job) => !known.has(keyOf({ job_id: job.id, attempt: job.attempt })) && ageSeconds(job) > leaseSeconds,
  );
  if (lost.length > 0) await ledger.turn(lost.map(released), null);
}

/** By the database's clock only. */
function ageSeconds(job: ClaimedJob): number {
  return (Date.parse(job.as_of) - Date.parse(job.started_at ?? job.as_of)) / 1_000;
}

function keyOf({ job_id, attempt }: HeldAttempt): string {
  return `${job_id} ${attempt}`;
}
