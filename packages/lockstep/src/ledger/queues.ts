import type { Database } from "../database/index.js";
import { LockstepError } from "../errors.js";
import { PRIORITY_MIN } from "../job/index.js";
import type { QueueStats } from "./read-models.js";
import { statement } from "./statements.js";
import type { WakeUpBus } from "./wake-up-bus.js";

const NAMES_PER_QUERY = 5_000;

/** The queues that have claimable jobs now, also those that nobody registered. */
export async function queueNames(database: Database): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const { rows } = await database.query<{ name: string }>(statement("queue_names"), [
      names.at(-1) ?? "",
      NAMES_PER_QUERY,
    ]);
    names.push(...rows.map((row) => row.name));
    if (rows.length < NAMES_PER_QUERY) return names;
  }
}

export async function listQueues(database: Database, leaseSeconds: number): Promise<QueueStats[]> {
  return (await database.query<QueueStats>(statement("list_queues"), [leaseSeconds, null])).rows;
}

/** @throws LockstepError QUEUE_NOT_FOUND when no job was ever submitted to the queue */
export async function setPaused(
  database: Database,
  wakeUps: WakeUpBus,
  queue: string,
  paused: boolean,
  leaseSeconds: number,
): Promise<QueueStats> {
  const changed = await database.query(statement("set_paused"), [queue, paused]);
  const { rows } = await database.query<QueueStats>(statement("list_queues"), [leaseSeconds, queue]);
  const [stats] = rows;
  if (changed.rows.length === 0 || stats === undefined)
    throw new LockstepError("QUEUE_NOT_FOUND", `There is no queue ${JSON.stringify(queue)}.`);
  // Jobs that waited while the queue was paused may be before every worker's cursor.
  wakeUps.announce({ ready: paused ? [] : [{ queue, priority: PRIORITY_MIN, ready_at: null }] });
  return stats;
}
