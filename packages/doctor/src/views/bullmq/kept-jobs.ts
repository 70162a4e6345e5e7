import type { Redis } from "ioredis";
import type { QueueKeys } from "./queue-keys.js";
import { PLACES } from "./states.js";

/** Whether finished jobs stay in the queue, and the reason for this conclusion. */
export interface Removal {
  /** Number of jobs in the queue now. */
  readonly count: number;
  readonly isKept: boolean;
  readonly why: string;
}

/** The queue counts every added job. When all of them are still there, none was ever removed. */
export async function findRemoval(redis: Redis, keys: QueueKeys): Promise<Removal> {
  const counts = await Promise.all(
    PLACES.map(({ type }, index) =>
      type === "list" ? redis.llen(keys.places[index] ?? "") : redis.zcard(keys.places[index] ?? ""),
    ),
  );
  const count = counts.reduce((sum, one) => sum + one, 0);
  const added = Number(await redis.get(keys.counter));
  const isKept = added <= count;
  return {
    count,
    isKept,
    why: isKept
      ? `all ${added} jobs that were ever added are still there, so a missing job was never added`
      : `${added} jobs were added and ${count} are there, so a missing job may have been removed ` +
        "(if jobs are never removed, set keeps_finished: true)",
  };
}
