import type { Redis } from "ioredis";
import { listMembers, type SharedLookups, sharedLookups } from "../list-members.js";
import { listsOfQueue, taskIdOf, unackedTaskIdOf } from "./decode.js";

/** Fewer per page than for ids, because messages are far larger. */
const MESSAGES_PER_PAGE = 200;
/** Maximum number of tasks held by workers that are read. */
const UNACKED_MAX = 200_000;

/** The queues and workers that hold tasks without a result. */
export interface QueuedTasks {
  /** Tasks in a list: task id to the name of the queue. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Tasks that a worker took and has not acknowledged. */
  readonly reserved: ReadonlySet<string>;
  /** Whether everything was read, so that a task in neither collection is in no queue. */
  readonly isComplete: boolean;
}

/** Reads the broker's queues. */
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
    // After the lists, so that a task that a worker takes meanwhile is found here.
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
