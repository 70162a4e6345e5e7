import { crashPoint } from "../crash-point.js";
import type { Database } from "../database/index.js";
import type { Status } from "../job/index.js";
import { STEP_MS_MAX } from "./clock-watch.js";
import type { ReadyWakeUp } from "./feed-event.js";
import { statement } from "./statements.js";
import type { WakeUpBus } from "./wake-up-bus.js";

export const SWEEP_JOBS_MAX = 500;
const PROMOTE_JOBS_MAX = 1_000;
const SHIFT_JOBS_MAX = 1_000;

interface SweptRow extends ReadyWakeUp {
  readonly id: string;
  readonly status: Status;
}

/**
 * Takes jobs away from silent workers.
 * @param nowMs what the database's clock shows now, if nobody has set it; null: not known
 * @returns how many
 */
export async function sweepLost(
  database: Database,
  wakeUps: WakeUpBus,
  leaseSeconds: number,
  nowMs: number | null = null,
): Promise<number> {
  const values = [leaseSeconds, SWEEP_JOBS_MAX, false, nowMs, STEP_MS_MAX];
  return swept(database, wakeUps, "sweep_lost", values);
}

/**
 * Takes jobs away from the workers of an embedded process that is known to be dead, because this
 * process now holds the lock of the data directory.
 * @returns how many
 */
export async function sweepDeadEmbedded(database: Database, wakeUps: WakeUpBus): Promise<number> {
  let total = 0;
  for (;;) {
    const taken = await swept(database, wakeUps, "sweep_lost", [0, SWEEP_JOBS_MAX, true, null, 0]);
    total += taken;
    if (taken < SWEEP_JOBS_MAX) return total;
  }
}

/**
 * Ends attempts that their worker did not end in time.
 * @param clock since when the database's clock has run steadily, and what it shows now if nobody
 *   has set it; by default it was never set
 * @returns how many
 */
export async function sweepOverdue(
  database: Database,
  wakeUps: WakeUpBus,
  graceSeconds: number,
  clock: { readonly steadySince: number; readonly nowMs: number } | null = null,
): Promise<number> {
  const { steadySince = 0, nowMs = null } = clock ?? {};
  const values = [graceSeconds, SWEEP_JOBS_MAX, steadySince, nowMs, STEP_MS_MAX];
  return swept(database, wakeUps, "sweep_overdue", values);
}

async function swept(
  database: Database,
  wakeUps: WakeUpBus,
  name: string,
  values: readonly unknown[],
): Promise<number> {
  const { rows } = await database.query<SweptRow>(statement(name), values);
  if (rows.length > 0) {
    crashPoint("sweep: committed, not announced");
    wakeUps.announce({ ready: rows.filter((row) => row.status === "pending") });
  }
  return rows.length;
}

/**
 * Makes due jobs claimable.
 * @returns milliseconds until the next is due; null when no job is delayed
 */
export async function promoteDue(database: Database, wakeUps: WakeUpBus): Promise<number | null> {
  const { rows } = await database.query<ReadyWakeUp>(statement("promote"), [PROMOTE_JOBS_MAX]);
  if (rows.length > 0) {
    crashPoint("promote: committed, not announced");
    wakeUps.announce({ ready: rows });
  }
  if (rows.length === PROMOTE_JOBS_MAX) return 0;
  const next = await database.query<{ due_in_ms: number | null }>(statement("next_delayed"));
  return next.rows[0]?.due_in_ms ?? null;
}

/** After the clock was set back: lets retries wait for their back-off only. */
export async function shiftBackoffs(database: Database): Promise<void> {
  for (let shifted = SHIFT_JOBS_MAX; shifted === SHIFT_JOBS_MAX; ) {
    const { rows } = await database.query(statement("shift_backoffs"), [SHIFT_JOBS_MAX]);
    shifted = rows.length;
  }
}

/** How long the feed keeps changes. A reader that is farther behind starts again. */
const CHANGES_KEPT_SECONDS = 86_400;
const DELETE_CHANGES_MAX = 10_000;
/** A claim that is older than this and has no running job was not closed by its last settlement. */
const OPEN_CLAIM_SECONDS = 60;

/** Closes claims that nobody closed, and deletes changes that the feed no longer keeps. */
export async function tidyUp(database: Database): Promise<void> {
  await database.query(statement("close_old_claims"), [OPEN_CLAIM_SECONDS]);
  for (let deleted = DELETE_CHANGES_MAX; deleted === DELETE_CHANGES_MAX; ) {
    const { rows } = await database.query<{ deleted: number }>(statement("delete_old_changes"), [
      CHANGES_KEPT_SECONDS,
      DELETE_CHANGES_MAX,
    ]);
    deleted = rows[0]?.deleted ?? 0;
  }
}

/** Deletes what is no longer needed: workers that are long gone, and old counts of starts. */
export async function deleteOld(database: Database): Promise<void> {
  await database.query(statement("delete_old_workers"));
  await database.query(statement("delete_old_starts"));
}
