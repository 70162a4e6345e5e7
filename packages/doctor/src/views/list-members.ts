import type { Redis } from "ioredis";

/** A longer list is not read: its members stay unknown. */
const ENTRIES_MAX = 500_000;

interface ListMembersOptions {
  readonly redis: Redis;
  /** A missing key counts as an empty list. */
  readonly key: string;
  /** Returns the job's id for an entry; null: none. Default: the entry is the id. */
  readonly idOf?: (entry: string) => string | null;
  /** Entries per answer; use fewer where an entry is a whole message. Default 1,000. */
  readonly pageSize?: number;
}

/**
 * The ids in a Redis list, as a set. The list is read from both ends. While entries leave at one
 * end, the others move towards it, so reading from that end misses some; reading from the other end
 * does not.
 * @returns null when it is too long to read
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

/** How long a look may be reused by callers that need current data, counted from its start. */
const FRESH_MS = 1_000;
/**
 * How long other callers may reuse a look: this multiple of its own duration, so that a long list
 * is not read all the time.
 */
const LASTING_TIMES = 10;

/** A read that is shared by callers that ask at about the same time. */
export interface SharedLookups<T> {
  /**
   * For a first look, which is checked again later: may be as old as ten times its duration plus a
   * second.
   */
  recent(key: string): Promise<T>;
  /** For the evidence of a finding: started within the last second. */
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
    // The caller gets the error; the next caller reads again.
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
