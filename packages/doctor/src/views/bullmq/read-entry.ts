import type { Redis } from "ioredis";
import type { Status } from "lockstep/internal/job";
import { inspect } from "./inspect.js";
import { keysOfQueue } from "./queue-keys.js";
import { BULLMQ_WORDS } from "./states.js";

/** Up to here waiting lists are looked through for the id; in longer ones a job that is nowhere else is taken to wait. */
const LIST_LENGTH_MAX = 10_000;

/** Where one job is in a queue of BullMQ. */
export type BullmqEntry =
  | { readonly state: "value"; readonly word: string; readonly status: Status }
  | { readonly state: "absent"; readonly why: string };

/**
 * Reads one job's entry, to be shown. Changes nothing.
 * @param queue with its prefix, such as `bull:mail`
 * @throws what Redis throws
 */
export async function readBullmqEntry(redis: Redis, queue: string, id: string): Promise<BullmqEntry> {
  const keys = keysOfQueue(queue);
  const options = { listLengthMax: LIST_LENGTH_MAX, fields: "result" } as const;
  const found = (await inspect(redis, keys, [id], options)).get(id) ?? null;
  if (found === null) {
    const isHere = (await redis.exists(keys.meta)) === 1;
    return { state: "absent", why: isHere ? "it has no entry of the job" : "its queue is not in this Redis" };
  }
  if ("otherType" in found) return { state: "absent", why: `the entry's key is a ${found.otherType}` };
  const status = BULLMQ_WORDS[found.state];
  return status === undefined
    ? { state: "absent", why: `it says ${found.state}` }
    : { state: "value", word: found.state, status };
}
