import { randomUUID } from "node:crypto";
import type { Database } from "../database/index.js";
import { coalesce } from "../timing/index.js";
import { claimNamed, type NamedClaim } from "./claim-limited.js";
import { statement } from "./statements.js";
import { type ClaimedRow, claimedFromRow } from "./turn-row.js";
import type { WakeUpBus } from "./wake-up-bus.js";
import type { ClaimedJob } from "./worker-ledger.js";

/** Claims per shared statement. */
const COALESCED_CLAIM_MAX = 500;
/** Concurrent shared statements: two keep both the connection's commit and this process busy. */
const COALESCED_CLAIMS_MAX = 2;

/** Claims by id; concurrent claims share a statement. @see WorkerLedger.claimJob */
export function createJobClaimer(
  database: Database,
  wakeUps: WakeUpBus,
): (workerId: string, jobId: string) => Promise<ClaimedJob | null> {
  const claim = coalesce<NamedClaim, ClaimedJob | null>({
    run: async (batch) => {
      const granted = await claimAll(database, batch);
      if (granted.size > 0) wakeUps.announce({});
      return batch.map(({ workerId, jobId }) => {
        const job = granted.get(jobId);
        if (job?.worker_id !== workerId) return null;
        // When several calls ask for the same job, it goes to the first call of the worker that got
        // it.
        granted.delete(jobId);
        return job;
      });
    },
    batchSizeMax: COALESCED_CLAIM_MAX,
    batchesMax: COALESCED_CLAIMS_MAX,
  });
  return (workerId, jobId) => claim({ workerId, jobId: jobId.toLowerCase() });
}

async function claimAll(database: Database, batch: readonly NamedClaim[]): Promise<Map<string, ClaimedJob>> {
  const ids = batch.map(({ jobId }) => jobId);
  const workers = batch.map(({ workerId }) => workerId);
  const { rows } = await database.query<ClaimedRow>(statement("claim_job"), [ids, workers, randomUUID()]);
  const granted = rows.map(claimedFromRow);
  if (granted.length < batch.length) granted.push(...(await claimUnderLimits(database, batch)));
  return new Map(granted.map((job) => [job.id, job]));
}

async function claimUnderLimits(
  database: Database,
  batch: readonly NamedClaim[],
): Promise<readonly ClaimedJob[]> {
  const { rows } = await database.query<{ id: string; queue: string }>(statement("jobs_under_limits"), [
    batch.map(({ jobId }) => jobId),
  ]);
  const queueOf = new Map(rows.map((row) => [row.id, row.queue]));
  const granted: ClaimedJob[] = [];
  for (const queue of new Set(queueOf.values())) {
    const asked = batch.filter(({ jobId }) => queueOf.get(jobId) === queue);
    granted.push(...(await claimNamed(database, queue, asked)));
  }
  return granted;
}
