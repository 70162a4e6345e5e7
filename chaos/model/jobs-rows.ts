import type { Reason, Status } from "lockstep/internal/job";
import type { Budget, JobsMutant, JobsState, Letter, Row, WorkerState } from "./jobs-model.js";

/** One event. */
export interface Act {
  readonly what: string;
  readonly next: JobsState;
  readonly fault?: string | null;
}
export type Mutant = JobsMutant | null;

/** Failures a job may have: with the second it fails permanently. */
const FAILURES_MAX = 2;
/** Losses are counted apart: with the second the job fails, too. */
const LOSSES_MAX = 2;
export const TERMINAL: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);
/** Why a pending job may still accept the result of its last attempt. */
const GIVEN_UP: ReadonlySet<string> = new Set(["lost", "timeout", "released"]);
export const replaced = <T>(items: readonly T[], index: number, item: T): T[] =>
  items.map((old, at) => (at === index ? item : old));

export function withRow(state: JobsState, job: number, change: Partial<Row>): JobsState {
  const old = state.rows[job];
  return old ? { ...state, rows: replaced(state.rows, job, { ...old, ...change }) } : state;
}

export function withWorker(state: JobsState, index: number, change: Partial<WorkerState>): JobsState {
  const old = state.workers[index];
  return old ? { ...state, workers: replaced(state.workers, index, { ...old, ...change }) } : state;
}

export function spend(state: JobsState, what: keyof Budget): JobsState {
  return { ...state, left: { ...state.left, [what]: state.left[what] - 1 } };
}

export function withBit(bits: readonly number[], job: number, attempt: number): number[] {
  return replaced(bits, job, (bits[job] ?? 0) | (1 << attempt));
}

/** A change of status in the ledger: one version. */
export function changed(
  state: JobsState,
  job: number,
  status: Status,
  reason: Reason,
  more: Partial<Row> = {},
): JobsState {
  const row = state.rows[job];
  if (!row) return state;
  const ends = TERMINAL.has(status) ? row.endsInRun + 1 : row.endsInRun;
  return withRow(state, job, { status, reason, version: row.version + 1, endsInRun: ends, ...more });
}

/** How the ledger records an attempt that ended without a result. */
export function givenUp(state: JobsState, job: number, why: "lost" | "timeout" | "retry"): JobsState {
  const row = state.rows[job];
  if (!row) return state;
  const isLoss = why === "lost";
  const failures = row.failures + (isLoss ? 0 : 1);
  const losses = row.losses + (isLoss ? 1 : 0);
  if (row.cancel) return changed(state, job, "cancelled", "cancelled", { failures, losses });
  if (failures >= FAILURES_MAX || losses >= LOSSES_MAX)
    return changed(state, job, "failed", why === "retry" ? "error" : why, { failures, losses });
  return changed(state, job, "pending", why, { failures, losses, progressOf: 0 });
}

/** Applies a settlement as the ledger does: its guard decides. */
export function settled(state: JobsState, letter: Letter, mutant: Mutant): JobsState {
  const { job, attempt, worker, type } = letter;
  const row = state.rows[job];
  if (!row) return state;
  const byId = mutant === "settle by id alone";
  const holds =
    byId || ((row.attempt === attempt || mutant === "settle without the attempt") && row.worker === worker);
  const runs = byId || row.status === "running" || mutant === "settle without the status";
  const anyLate = mutant === "a late result into any pending job";
  const isLate = row.status === "pending" && type === "completed" && (anyLate || GIVEN_UP.has(row.reason));
  const record = { recorded: row.recorded | (1 << attempt) };
  if (!holds || !(runs || isLate)) {
    const isKept = type === "completed" && mutant !== "a late result is dropped";
    return isKept ? withRow(state, job, record) : state;
  }
  if (type === "completed")
    return changed(state, job, "completed", row.status === "pending" ? "late_result" : "succeeded", record);
  if (type === "failed") return givenUp(state, job, "retry");
  if (row.cancel) return changed(state, job, "cancelled", "cancelled");
  return changed(state, job, "pending", "released", { progressOf: 0 });
}
