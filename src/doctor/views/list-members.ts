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

/** A look serves every page that is read within this time. */
const FRESH_MS = 1_000;

/** The same look for everybody who asks within a second, by key. */
export function sharedLooks<T>(look: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const looks = new Map<string, { readonly atMs: number; readonly found: Promise<T> }>();
  return (key) => {
    const nowMs = performance.now();
    const last = looks.get(key);
    if (last !== undefined && nowMs - last.atMs <= FRESH_MS) return last.found;
    const found = look(key);
    looks.set(key, { atMs: nowMs, found });
    return found;
  };
}
