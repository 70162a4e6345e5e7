/** Steps of a claim plan, for its tests. */
import type { Cursor } from "../../src/ledger/index.js";
import { type ClaimPlan, createClaimPlan } from "../../src/worker/claim-plan.js";
import type { QueueScan } from "../../src/worker/queue-scans.js";

export const at = (second: number, priority = 0): Cursor => ({
  priority,
  ready_at: `2024-01-01T00:00:${String(second).padStart(2, "0")}.000000Z`,
  id: `00000000-0000-7000-8000-${String(second).padStart(12, "0")}`,
});
export const wakeUp = (second: number | null, priority = 0, queue = "a") => ({
  queue,
  priority,
  ready_at: second === null ? null : at(second).ready_at,
});
export const plan = (...queues: string[]) => createClaimPlan(queues.length > 0 ? queues : ["a"], () => 0.5);

export function scanAt(of: ClaimPlan, nowMs: number): QueueScan {
  const next = of.next(nowMs);
  if ("waitMs" in next) throw new Error(`no scan at ${nowMs}: wait ${next.waitMs} ms`);
  return next;
}

/** Ten slots were free. The scan returned `claimed` jobs and reached the position `reached`. */
export const came = (claimed: number, reached: Cursor | null, costMs = 1) => ({
  claimed,
  isFull: claimed >= 10,
  cursor: reached,
  costMs,
});
