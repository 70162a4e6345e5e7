import type { QueueClaim, Settlement, TurnResult, WorkerLedger } from "../ledger/index.js";
import type { ClaimPlan } from "./claim-plan.js";
import type { QueueScan } from "./queue-scans.js";

/** Queues with few jobs are scanned together, so that a job costs no statement of its own. */
const TOGETHER_MAX = 50;
/** To know whether there is more in a queue, at least two of its jobs are asked for. */
const PER_QUEUE_MIN = 2;

/** A claim to be made: from one queue, or from several that have few jobs each. */
export interface Claim {
  readonly scans: readonly QueueScan[];
  readonly limit: number;
}

export type Turn = Pick<TurnResult, "receipts" | "claimed"> & {
  /** For each scan of the claim, what was found. */
  readonly found: readonly QueueClaim[];
  readonly more_in_ms?: number | undefined;
};

export interface ClaimTurnOptions {
  readonly ledger: Pick<WorkerLedger, "turn" | "claimQueues">;
  readonly workerId: string;
  readonly kinds: readonly string[];
}

export function planClaim(plan: ClaimPlan, scan: QueueScan, nowMs: number, limit: number): Claim {
  return { scans: [scan, ...plan.together(scan, nowMs, TOGETHER_MAX - 1)], limit };
}

/**
 * Settles, and claims from one queue in the same statement, or then from several in one of their
 * own. When the second fails, the settlements are sent again, and the ledger has them already.
 */
export async function takeTurn(
  { ledger, workerId: worker_id, kinds }: ClaimTurnOptions,
  settlements: readonly Settlement[],
  claim: Claim | null,
): Promise<Turn> {
  const [scan, ...others] = claim?.scans ?? [];
  if (claim === null || scan === undefined) return { ...(await ledger.turn(settlements, null)), found: [] };
  const { limit } = claim;
  const { queue, after } = scan;
  if (others.length === 0) {
    const result = await ledger.turn(settlements, { worker_id, queue, kinds, limit, after });
    const claimed = result.claimed.length;
    const isFull = claimed >= limit;
    return { ...result, found: [{ name: queue, result: "scanned", claimed, isFull, cursor: result.cursor }] };
  }
  const receipts = settlements.length === 0 ? [] : (await ledger.turn(settlements, null)).receipts;
  const { claimed, queues } = await ledger.claimQueues({
    worker_id,
    kinds,
    queues: claim.scans.map((each) => ({ name: each.queue, after: each.after })),
    perQueue: Math.max(PER_QUEUE_MIN, Math.floor(limit / claim.scans.length)),
    limit,
  });
  return { receipts, claimed, found: queues };
}

/** Passes what a claim found to the plan. */
export function noteFound(
  plan: ClaimPlan,
  { scans }: Claim,
  { found, more_in_ms: moreInMs }: Turn,
  time: { readonly nowMs: number; readonly costMs: number },
): void {
  scans.forEach((scan, place) => {
    const one = found[place];
    if (one?.result === "limited") plan.isLimited(scan);
    else if (one?.result === "scanned")
      plan.succeeded(scan, { ...one, moreInMs, costMs: time.costMs }, time.nowMs);
    else plan.skipped(scan);
  });
}
