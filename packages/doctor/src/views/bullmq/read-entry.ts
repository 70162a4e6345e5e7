import type { Redis } from "ioredis";
import type { Status } from "lockstep/internal/job";
import { inspect } from "./inspect.js";
import { keysOfQueue } from "./queue-keys.js";
import { BULLMQ_WORDS } from "./states.js";

/**
 * Maximum length of waiting lists that are searched for the id. In longer lists, a job that is
 * nowhere else is assumed to wait.
 */
const LIST_LENGTH_MAX = 10_000;

/** The state of one job in a BullMQ queue. */
export type BullmqEntry =
  | { readonly state: "value"; readonly word: string; readonly status: Status }
  | { readonly state: "absent"; readonly why: string };

/**
 * Reads one job's entry for display. Changes nothing.
 * @param queue with its prefix, such as `bull:mail`
 * @throws any error of Redis
 */
export async function readBullmqEntry(redis: Redis, queue: string, id: string): Promise<BullmqEntry> {
  const keys = keysOfQueue(queue);
  const options = { listLengthMax: LIST_LENGTH_MAX, fields: "result" } as const;
  const found = (await inspect(redis, keys, [id], options)).get(id) ?? null;
  if (found === null) {
    const isHere = (await redis.exists(keys.meta)) === 1;
    return {
      state: "absent",
      why: isHere ? "it has no entry for the job" : "its queue is not in this Redis",
    };
  }
  if ("otherType" in found) return { state: "absent", why: `the entry's key is a ${found.otherType}` };
  const status = BULLMQ_WORDS[found.state];
  return status === undefined
    ? { state: "absent", why: `its state is ${found.state}` }
    : { state: "value", word: found.state, status };
}
