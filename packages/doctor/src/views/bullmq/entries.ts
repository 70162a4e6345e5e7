import type { Redis } from "ioredis";
import type { QueueKeys } from "./queue-keys.js";
import { isMarker, PLACES } from "./states.js";

const PAGE = 1_000;
/** Maximum number of pages of one list. */
const PAGES_MAX = 100_000;

/**
 * The ids in a queue's lists and sets, in the order in which jobs move through them, so that a job
 * that moves meanwhile is seen twice, not missed. Uses only LRANGE and ZSCAN, which change nothing.
 */
export async function* queueEntries(
  redis: Redis,
  keys: QueueKeys,
  signal: AbortSignal,
): AsyncIterable<readonly string[]> {
  for (const [index, place] of PLACES.entries()) {
    const key = keys.places[index] ?? "";
    for await (const ids of place.type === "list" ? listPages(redis, key) : setPages(redis, key)) {
      signal.throwIfAborted();
      const jobs = ids.filter((id) => !isMarker(id));
      if (jobs.length > 0) yield jobs;
    }
  }
}

/**
 * Reads from the head, where jobs are added. Jobs leave at the other end, so no job that stays is
 * skipped.
 */
async function* listPages(redis: Redis, key: string): AsyncIterable<string[]> {
  for (let page = 0; page < PAGES_MAX; page++) {
    const ids = await redis.lrange(key, page * PAGE, (page + 1) * PAGE - 1);
    yield ids;
    if (ids.length < PAGE) return;
  }
}

async function* setPages(redis: Redis, key: string): AsyncIterable<string[]> {
  let cursor = "0";
  do {
    const [next, flat] = await redis.zscan(key, cursor, "COUNT", PAGE);
    cursor = next;
    yield flat.filter((_entry, index) => index % 2 === 0);
  } while (cursor !== "0");
}
