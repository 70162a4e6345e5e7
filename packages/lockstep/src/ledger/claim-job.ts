import type { Database } from "../database/index.js";
import { coalesce } from "../timing/index.js";
import { claimNamed } from "./claim-limited.js";
import { statement } from "./statements.js";
import { claimedJob, type TurnRow } from "./turn-row.js";
import type { WakeUpBus } from "./wake-up-bus.js";
import type { ClaimedJob } from "./worker-ledger.js";

/** Claims per shared statement. */
const COALESCED_CLAIM_MAX = 500;
/** Concurrent shared statements: two keep both the connection's commit and this process busy. */
const COALESCED_CLAIMS_MAX = 2;

interface WaitingClaim {
  readonly workerId: string;
  readonly jobId: string;
}

/** Claims by id; concurrent claims share a statement. @see WorkerLedger.claimJob */
export function createJobClaimer(
  database: Database,
  wakeUps: WakeUpBus,
): (workerId: string, jobId: string) => Promise<ClaimedJob | null> {
  const claim = coalesce<WaitingClaim, ClaimedJob | null>({
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

async function claimAll(
  database: Database,
  batch: readonly WaitingClaim[],
): Promise<Map<string, ClaimedJob>> {
  const { rows } = await database.query<TurnRow>(statement("claim_job"), [
    batch.map(({ jobId }) => jobId),
    batch.map(({ workerId }) => workerId),
  ]);
  const limited = rows.filter((row) => row.op === "limited");
  const granted = rows.filter((row) => row.op === "claimed");
  for (const queue of new Set(limited.map((row) => row.queue))) {
    const asked = limited.filter((row) => row.queue === queue);
    granted.push(...(await claimNamed(database, queue, asked)));
  }
  return new Map(granted.map((row) => [row.id, claimedJob(row)]));
}
