import { randomUUID } from "node:crypto";
import type { Queryable } from "../database/index.js";
import { statement } from "./statements.js";
import { type ClaimedRow, claimedFromRow } from "./turn-row.js";
import type { ClaimedJob, ClaimRequest } from "./worker-ledger.js";

type LimitedRow =
  | (ClaimedRow & { readonly op: "claimed" })
  | { readonly op: "wait"; readonly wait_ms: number };

export interface LimitedClaim {
  readonly claimed: readonly ClaimedJob[];
  /** Milliseconds until a rate allows more; null when the claim does not wait for a rate. */
  readonly waitMs: number | null;
}

/** A worker that asks for a job by its id. */
export interface NamedClaim {
  readonly jobId: string;
  readonly workerId: string;
}

/**
 * Claims from the start of a queue that has limits, because a job that a limit held back can be
 * before any cursor.
 */
export async function claimLimited(runner: Queryable, claim: ClaimRequest): Promise<LimitedClaim> {
  return claimRows(runner, [
    claim.queue,
    claim.worker_id,
    randomUUID(),
    claim.kinds,
    claim.limit,
    null,
    null,
  ]);
}

/** Claims those named jobs of one queue that its limits allow. */
export async function claimNamed(
  runner: Queryable,
  queue: string,
  asked: readonly NamedClaim[],
): Promise<readonly ClaimedJob[]> {
  const jobs = asked.map(({ jobId }) => jobId);
  const workers = asked.map(({ workerId }) => workerId);
  return (await claimRows(runner, [queue, null, randomUUID(), [], jobs.length, jobs, workers])).claimed;
}

async function claimRows(runner: Queryable, values: readonly unknown[]): Promise<LimitedClaim> {
  const { rows } = await runner.query<LimitedRow & { readonly wait_ms: number | null }>(
    statement("claim_limited"),
    values,
  );
  const waits = rows.flatMap(({ wait_ms }) => (wait_ms === null ? [] : [wait_ms]));
  return {
    claimed: rows.flatMap((row) => {
      if (row.op !== "claimed") return [];
      const { op: _op, wait_ms: _wait, ...job } = row;
      return [claimedFromRow(job)];
    }),
    waitMs: waits.length === 0 ? null : Math.min(...waits),
  };
}
