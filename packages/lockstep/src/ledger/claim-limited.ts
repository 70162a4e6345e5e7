import type { Queryable } from "../database/index.js";
import { statement } from "./statements.js";
import type { TurnRow } from "./turn-row.js";
import type { ClaimRequest } from "./worker-ledger.js";

interface LimitedRow extends Omit<TurnRow, "op" | "limited"> {
  readonly op: "claimed" | "wait";
  readonly wait_ms: number | null;
}

export interface LimitedClaim {
  readonly claimed: readonly TurnRow[];
  /** Milliseconds until a rate allows more; null when the claim does not wait for a rate. */
  readonly waitMs: number | null;
}

/**
 * Claims from the start of a queue that has limits, because a job that a limit held back can be
 * before any cursor.
 */
export async function claimLimited(runner: Queryable, claim: ClaimRequest): Promise<LimitedClaim> {
  return claimRows(runner, [claim.queue, claim.worker_id, claim.kinds, claim.limit, null, null]);
}

/** Claims those named jobs of one queue that its limits allow. */
export async function claimNamed(
  runner: Queryable,
  queue: string,
  asked: readonly Pick<TurnRow, "id" | "worker_id">[],
): Promise<readonly TurnRow[]> {
  const jobs = asked.map(({ id }) => id);
  const workers = asked.map(({ worker_id }) => worker_id);
  return (await claimRows(runner, [queue, null, [], jobs.length, jobs, workers])).claimed;
}

async function claimRows(runner: Queryable, values: readonly unknown[]): Promise<LimitedClaim> {
  const { rows } = await runner.query<LimitedRow>(statement("claim_limited"), values);
  const waits = rows.flatMap((row) => (row.wait_ms === null ? [] : [row.wait_ms]));
  return {
    claimed: rows.flatMap(({ op, wait_ms: _wait, ...row }) =>
      op === "claimed" ? [{ ...row, op, limited: true }] : [],
    ),
    waitMs: waits.length === 0 ? null : Math.min(...waits),
  };
}
