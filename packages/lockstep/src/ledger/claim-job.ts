import type { Database } from "../database/index.js";
import { claimNamed } from "./claim-limited.js";
import type { HintBus } from "./hints.js";
import { statement } from "./statements.js";
import { claimedJob, type TurnRow } from "./turn-row.js";
import type { ClaimedJob } from "./worker-ledger.js";

/** Claims that share one statement. */
const SHARED_CLAIM_MAX = 500;
/** Concurrent shared claims: two keep the connection's commit and this process both busy. */
const SHARED_CLAIMS_MAX = 2;

interface Asked {
  readonly workerId: string;
  readonly jobId: string;
  readonly resolve: (job: ClaimedJob | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Claims by id. Those asked for while a statement is under way go into the next one. @see WorkerLedger.claimJob */
export function createJobClaimer(
  database: Database,
  hints: HintBus,
): (workerId: string, jobId: string) => Promise<ClaimedJob | null> {
  const asked: Asked[] = [];
  let underWay = 0;

  const claim = async (batch: readonly Asked[]): Promise<void> => {
    try {
      const granted = await claimAll(database, batch);
      if (granted.size > 0) hints.announce({});
      for (const { workerId, jobId, resolve } of batch) {
        const job = granted.get(jobId);
        // Asked for twice, a job goes to the first of the worker that got it.
        if (job?.worker_id === workerId) granted.delete(jobId);
        resolve(job?.worker_id === workerId ? job : null);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const pump = (): void => {
    while (asked.length > 0 && underWay < SHARED_CLAIMS_MAX) {
      underWay += 1;
      void claim(asked.splice(0, SHARED_CLAIM_MAX)).finally(() => {
        underWay -= 1;
        pump();
      });
    }
  };
  return (workerId, jobId) =>
    new Promise((resolve, reject) => {
      asked.push({ workerId, jobId: jobId.toLowerCase(), resolve, reject });
      if (underWay === 0) setImmediate(pump);
      else pump();
    });
}

async function claimAll(database: Database, batch: readonly Asked[]): Promise<Map<string, ClaimedJob>> {
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
