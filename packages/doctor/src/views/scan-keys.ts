import type { Redis } from "ioredis";

/** Keys that one step of a SCAN looks at: well under a millisecond of the server's time. */
const KEYS_PER_STEP = 1_000;

/**
 * The keys of a Redis database by a pattern, as SCAN gives them: a key may come twice.
 * @param glob as SCAN takes it; see `literalGlob`
 */
export async function* scanKeys(
  redis: Redis,
  glob: string,
  signal: AbortSignal,
): AsyncIterable<readonly string[]> {
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, "MATCH", glob, "COUNT", KEYS_PER_STEP);
    signal.throwIfAborted();
    cursor = next;
    if (keys.length > 0) yield keys;
  } while (cursor !== "0");
}

/** A text that stands for itself in a pattern of SCAN's. */
export function literalGlob(text: string): string {
  return text.replace(/[*?[\]\\^-]/g, "\\$&");
}
