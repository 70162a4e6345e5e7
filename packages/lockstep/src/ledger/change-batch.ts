import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../database/index.js";
import { LockstepError } from "../errors.js";
import { databaseClock } from "./database-clock.js";
import type { ReadyWakeUp } from "./feed-event.js";
import { onePerPosition } from "./ready-positions.js";
import { statement } from "./statements.js";
import type { WakeUpBus } from "./wake-up-bus.js";

/** Jobs changed by one statement, which locks their rows until it commits. */
const CHANGE_JOBS_MAX = 1_000;
/** A job that a worker is settling or claiming is skipped and tried again later. */
const ROUNDS_MAX = 200;
const ROUND_MS = 25;

interface BatchChange {
  readonly id: string;
  readonly actor: string;
}

/**
 * Cancels pending jobs and requests a stop of running ones, until no job is left to change. Each
 * statement commits by itself: jobs already cancelled stay cancelled when a later statement fails,
 * and the call can be repeated.
 * @returns how many jobs changed
 * @throws VERSION_MISMATCH when some jobs kept changing
 */
export async function cancelBatch(
  database: Database,
  wakeUps: WakeUpBus,
  change: BatchChange,
): Promise<number> {
  let changed = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const waiting = await changeSome<{ id: string }>(database, "batch_cancel_pending", change);
    if (waiting.length > 0) wakeUps.announce({});
    const running = await changeSome<{ id: string }>(database, "batch_cancel_running", change);
    for (const { id } of running) wakeUps.announce({ stopRequest: id });
    changed += waiting.length + running.length;
    const { rows } = await database.query<{ jobs: number }>(statement("batch_to_cancel"), [change.id]);
    if (rows[0]?.jobs === 0) return changed;
    if (waiting.length + running.length === 0) await delay(ROUND_MS);
  }
  throw new LockstepError(
    "VERSION_MISMATCH",
    `Some jobs of batch ${change.id} kept changing while it was being cancelled. Try again.`,
  );
}

/** @returns how many jobs were requeued */
export async function retryBatch(
  database: Database,
  wakeUps: WakeUpBus,
  change: BatchChange,
): Promise<number> {
  const before = new Date(Math.ceil(await databaseClock(database))).toISOString();
  let changed = 0;
  for (;;) {
    const ready = await changeSome<ReadyWakeUp>(database, "batch_requeue", change, before);
    if (ready.length > 0) wakeUps.announce({ ready: onePerPosition(ready) });
    changed += ready.length;
    if (ready.length < CHANGE_JOBS_MAX) return changed;
  }
}

async function changeSome<Row>(
  database: Database,
  name: string,
  { id, actor }: BatchChange,
  ...more: readonly unknown[]
): Promise<readonly Row[]> {
  return (await database.query<Row>(statement(name), [id, actor, CHANGE_JOBS_MAX, ...more])).rows;
}
