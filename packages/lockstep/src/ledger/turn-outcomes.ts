import { PRIORITY_MIN } from "../job/index.js";
import type { ReadyWakeUp } from "./feed-event.js";
import type { ChangedRow, SettledRow } from "./turn-row.js";
import type { Settlement, SettleReceipt } from "./worker-ledger.js";

/**
 * A settlement given twice in one turn would be settled once and fenced once, so the second is
 * dropped.
 */
export function withoutRepetitions(settlements: readonly Settlement[]): readonly Settlement[] {
  const jobs = new Set(settlements.map(({ job_id }) => job_id));
  if (jobs.size === settlements.length) return settlements;
  const unique = new Map<string, Settlement>();
  for (const settlement of settlements) {
    const key = attemptKey(settlement.job_id, settlement);
    if (!unique.has(key)) unique.set(key, settlement);
  }
  return [...unique.values()];
}

/** Which settlements were accepted, and which changed nothing. */
export function outcomes(
  completions: readonly Settlement[],
  others: readonly Settlement[],
  settled: SettledRow | null,
  changed: readonly ChangedRow[],
): { readonly accepted: SettleReceipt[]; readonly unsettled: readonly Settlement[] } {
  const ids = settled?.ids ? new Set(settled.ids) : null;
  const accepted = (ids ? completions.filter(({ job_id }) => ids.has(job_id)) : completions).map(completion);
  const unsettled = ids ? completions.filter(({ job_id }) => !ids.has(job_id)) : [];
  if (others.length === 0) return { accepted, unsettled };
  const rows = new Map(changed.map((row) => [attemptKey(row.id, row), row]));
  for (const settlement of others) {
    const row = rows.get(attemptKey(settlement.job_id, settlement));
    if (row) accepted.push(receiptOf(row));
    else unsettled.push(settlement);
  }
  return { accepted, unsettled };
}

function completion({ job_id, attempt }: Settlement): SettleReceipt {
  return { job_id, attempt, result: "accepted", status: "completed", version: null };
}

function receiptOf({ id, attempt, status, version }: ChangedRow): SettleReceipt {
  return { job_id: id, attempt, result: "accepted", status, version };
}

export function attemptKey(
  jobId: string,
  { attempt, worker_id }: { readonly attempt: number; readonly worker_id: string },
): string {
  return `${jobId} ${attempt} ${worker_id}`;
}

/**
 * Signals jobs that can be claimed now, and queues with limits in which a slot became free, because
 * a job that a limit held back can be anywhere in the queue. A retry in its back-off has no ready
 * time: it wakes the promoter, which may not expect one so soon.
 */
export function readyWakeUps(settled: SettledRow | null, changed: readonly ChangedRow[]): ReadyWakeUp[] {
  const again = changed.filter((row) => row.status === "pending");
  const freed = new Set(settled?.queues ?? []);
  for (const { limited, queue } of changed) if (limited) freed.add(queue);
  return [
    ...again.map(({ queue, priority, ready_at }) => ({ queue, priority, ready_at })),
    ...[...freed].map((queue) => ({ queue, priority: PRIORITY_MIN, ready_at: "-infinity" })),
  ];
}
