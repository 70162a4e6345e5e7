import type { Redis } from "ioredis";
import { listMembers, type SharedLookups, sharedLookups } from "../list-members.js";
import { listsOfQueue, taskIdOf, unackedTaskIdOf } from "./decode.js";

/** Messages are far larger than ids. */
const MESSAGES_PER_PAGE = 200;
/** Tasks that workers hold; more are not looked at. */
const UNACKED_MAX = 200_000;

/** Where tasks are that have no result yet. */
export interface QueuedTasks {
  /** In a list; the name of the queue, by task. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Taken by a worker and not acknowledged. */
  readonly reserved: ReadonlySet<string>;
  /** Whether everything was looked at, so that a task which is in neither is in no queue. */
  readonly isComplete: boolean;
}

/** Looks through the broker's queues. */
export function createQueues(redis: Redis, queues: readonly string[]): SharedLookups<QueuedTasks> {
  return sharedLookups(async () => {
    const waiting = new Map<string, string>();
    let isComplete = true;
    for (const queue of queues) {
      for (const key of listsOfQueue(queue)) {
        const members = await listMembers({ redis, key, idOf: taskIdOf, pageSize: MESSAGES_PER_PAGE });
        for (const id of members ?? []) waiting.set(id, queue);
        isComplete &&= members !== null;
      }
    }
    // After the lists: a task that a worker takes meanwhile is then seen here.
    const reserved = queues.length === 0 ? new Set<string>() : await reservedTasks(redis);
    return { waiting, reserved: reserved ?? new Set<string>(), isComplete: isComplete && reserved !== null };
  });
}

async function reservedTasks(redis: Redis): Promise<ReadonlySet<string> | null> {
  if ((await redis.hlen("unacked")) > UNACKED_MAX) return null;
  const ids = new Set<string>();
  let cursor = "0";
  do {
    const [next, flat] = await redis.hscan("unacked", cursor, "COUNT", MESSAGES_PER_PAGE);
    cursor = next;
    for (let index = 1; index < flat.length; index += 2) {
      const id = unackedTaskIdOf(flat[index] ?? "");
      if (id !== null) ids.add(id);
    }
  } while (cursor !== "0");
  return ids;
}
