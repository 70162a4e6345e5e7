import type { Status } from "./status.js";

/**
 * Why a transition happened. Stored in `jobs.reason` and `transitions.reason`, and used as a metric
 * label, so the set is closed.
 */
export const REASONS = [
  "submitted",
  "claimed",
  "succeeded",
  "late_result",
  "error",
  "retry",
  "timeout",
  "lost",
  "released",
  "cancel_requested",
  "cancelled",
  "requeued",
] as const;

export type Reason = (typeof REASONS)[number];

export interface Transition {
  readonly from: Status | null;
  readonly to: Status;
  readonly reason: Reason;
  /** Who may make it. */
  readonly by: "client" | "worker" | "sweeper" | "operator";
}

/**
 * Every allowed change of status. The database refuses any other (the trigger in
 * ledger/functions/guard_update.sql; `test/ledger/integrity.test.ts` compares the two).
 */
export const TRANSITIONS: readonly Transition[] = [
  { from: null, to: "pending", reason: "submitted", by: "client" },
  { from: "pending", to: "running", reason: "claimed", by: "worker" },
  { from: "pending", to: "completed", reason: "late_result", by: "worker" },
  { from: "pending", to: "cancelled", reason: "cancelled", by: "client" },
  { from: "running", to: "completed", reason: "succeeded", by: "worker" },
  { from: "running", to: "failed", reason: "error", by: "worker" },
  { from: "running", to: "pending", reason: "retry", by: "worker" },
  { from: "running", to: "pending", reason: "released", by: "worker" },
  { from: "running", to: "pending", reason: "timeout", by: "worker" },
  { from: "running", to: "failed", reason: "timeout", by: "worker" },
  { from: "running", to: "cancelled", reason: "cancelled", by: "worker" },
  { from: "running", to: "pending", reason: "timeout", by: "sweeper" },
  { from: "running", to: "failed", reason: "timeout", by: "sweeper" },
  { from: "running", to: "pending", reason: "lost", by: "sweeper" },
  { from: "running", to: "failed", reason: "lost", by: "sweeper" },
  { from: "running", to: "cancelled", reason: "cancelled", by: "sweeper" },
  { from: "running", to: "running", reason: "cancel_requested", by: "client" },
  { from: "completed", to: "pending", reason: "requeued", by: "operator" },
  { from: "failed", to: "pending", reason: "requeued", by: "operator" },
  { from: "cancelled", to: "pending", reason: "requeued", by: "operator" },
];
