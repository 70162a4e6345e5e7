import type { Redis } from "ioredis";

/** Keys per step of a SCAN: well under a millisecond of server time. */
const KEYS_PER_STEP = 1_000;

/**
 * The keys of a Redis database that match a pattern, as SCAN returns them: a key may come twice.
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

/** Escapes a text so that it is literal in a SCAN pattern. */
export function literalGlob(text: string): string {
  return text.replace(/[*?[\]\\^-]/g, "\\$&");
}
