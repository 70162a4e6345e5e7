import type { Redis } from "ioredis";

/** A longer list is not looked through: who is in it stays unknown. */
const ENTRIES_MAX = 500_000;

interface ListMembersOptions {
  readonly redis: Redis;
  /** A key that is missing is an empty list. */
  readonly key: string;
  /** What job an entry stands for; null: none. Default: the entry is the id. */
  readonly idOf?: (entry: string) => string | null;
  /** Entries in one answer; fewer where an entry is a whole message. Default 1,000. */
  readonly pageSize?: number;
}

/**
 * The ids in a Redis list, as a set. The list is read from both ends: while entries leave at one end, what is read from that end
 * on moves towards it and some are missed; what is read from the other end on is not.
 * @returns null when it is too long to look through
 */
export async function listMembers(options: ListMembersOptions): Promise<ReadonlySet<string> | null> {
  const { redis, key, idOf = (entry) => entry, pageSize = 1_000 } = options;
  const length = await redis.llen(key);
  if (length > ENTRIES_MAX) return null;
  const ids = new Set<string>();
  const note = (page: readonly string[]) => {
    for (const entry of page) {
      const id = idOf(entry);
      if (id !== null) ids.add(id);
    }
    return page.length === pageSize;
  };
  for (let start = 0; start <= ENTRIES_MAX; start += pageSize)
    if (!note(await redis.lrange(key, start, start + pageSize - 1))) break;
  if (length <= pageSize) return ids;
  for (let end = -1; -end <= ENTRIES_MAX; end -= pageSize)
    if (!note(await redis.lrange(key, end - pageSize + 1, end))) break;
  return ids;
}

/** How long a look may serve those who want the present, from its start. */
const FRESH_MS = 1_000;
/** How long it may serve everybody else: so many times as long as it took, so that a long list is not read all the time. */
const LASTING_TIMES = 10;

/** A look at something, shared by those who ask at about the same time. */
export interface SharedLookups<T> {
  /** For a first sight, which somebody will look at again: may be as old as ten looks take, and a second. */
  recent(key: string): Promise<T>;
  /** For what a finding rests on: begun within the last second. */
  fresh(key: string): Promise<T>;
}

export function sharedLookups<T>(lookUp: (key: string) => Promise<T>): SharedLookups<T> {
  const lookups = new Map<
    string,
    { readonly startMs: number; lastsUntilMs: number; readonly found: Promise<T> }
  >();
  const begin = (key: string): Promise<T> => {
    const startMs = performance.now();
    const entry = { startMs, lastsUntilMs: Number.POSITIVE_INFINITY, found: lookUp(key) };
    lookups.set(key, entry);
    const done = () => {
      const nowMs = performance.now();
      entry.lastsUntilMs = nowMs + Math.max(FRESH_MS, LASTING_TIMES * (nowMs - startMs));
    };
    // Who asked hears of a failure; the next one looks again.
    entry.found.then(done, () => lookups.delete(key));
    return entry.found;
  };
  return {
    async recent(key) {
      const last = lookups.get(key);
      const isRecent = last !== undefined && performance.now() <= last.lastsUntilMs;
      return await (isRecent ? last.found : begin(key));
    },
    async fresh(key) {
      const last = lookups.get(key);
      const isFresh = last !== undefined && performance.now() - last.startMs <= FRESH_MS;
      return await (isFresh ? last.found : begin(key));
    },
  };
}
