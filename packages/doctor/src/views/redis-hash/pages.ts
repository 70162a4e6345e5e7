import type { Redis } from "ioredis";

const COUNT_MIN = 10;
/** About half a millisecond of server time. */
const COUNT_MAX = 500;
/**
 * Text per page. With larger values fewer are requested at once, so that memory and the server's
 * pauses stay small.
 */
const PAGE_CHARACTERS = 500_000;

/**
 * The fields of a hash and their values, page by page. The next page is requested while this one is
 * processed.
 */
export async function* hashPages(
  redis: Redis,
  key: string,
  signal: AbortSignal,
): AsyncIterable<readonly (readonly [id: string, text: string])[]> {
  let count = COUNT_MAX / 4;
  let next = redis.hscan(key, "0", "COUNT", count);
  for (;;) {
    const [cursor, flat] = await next;
    signal.throwIfAborted();
    const { entries, characters } = pairsOf(flat);
    count = countFor(characters, entries.length);
    if (cursor !== "0") {
      next = redis.hscan(key, cursor, "COUNT", count);
      // The rejection is handled when `next` is awaited, or ignored if the caller stops reading
      // pages.
      next.catch(() => undefined);
    }
    yield entries;
    if (cursor === "0") return;
  }
}

function pairsOf(flat: readonly string[]) {
  const entries: (readonly [string, string])[] = [];
  let characters = 0;
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const text = flat[index + 1] ?? "";
    entries.push([flat[index] ?? "", text]);
    characters += text.length;
  }
  return { entries, characters };
}

/**
 * The fields of a hash, page by page. HSCAN sends the values too. As strings they are freed with
 * the next page; as buffers they pile up.
 */
export async function* hashIdPages(
  redis: Redis,
  key: string,
  signal: AbortSignal,
): AsyncIterable<readonly string[]> {
  for await (const entries of hashPages(redis, key, signal)) yield entries.map(([id]) => id);
}

/** The number of entries for a page of the target size. */
function countFor(size: number, entries: number): number {
  const perEntry = Math.max(1, size / Math.max(1, entries));
  return Math.round(Math.min(COUNT_MAX, Math.max(COUNT_MIN, PAGE_CHARACTERS / perEntry)));
}
