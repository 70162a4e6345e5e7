import type { Redis } from "ioredis";

const COUNT_MIN = 10;
/** About half a millisecond of the server's time. */
const COUNT_MAX = 500;
/** Text in one page; with larger values fewer are asked for at once, so that memory and the server's pauses stay small. */
const PAGE_CHARACTERS = 500_000;

/** The fields of a hash and their values, page by page, the next one asked for while this one is worked on. */
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
      // Handled when it is awaited, which may be after somebody stopped asking for pages.
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

/** The fields of a hash, page by page. HSCAN sends the values too; as texts they are gone with the next page, as buffers they pile up. */
export async function* hashIdPages(
  redis: Redis,
  key: string,
  signal: AbortSignal,
): AsyncIterable<readonly string[]> {
  for await (const entries of hashPages(redis, key, signal)) yield entries.map(([id]) => id);
}

/** How many entries make a page of the size that is aimed at. */
function countFor(size: number, entries: number): number {
  const perEntry = Math.max(1, size / Math.max(1, entries));
  return Math.round(Math.min(COUNT_MAX, Math.max(COUNT_MIN, PAGE_CHARACTERS / perEntry)));
}
