import type { Redis } from "ioredis";
import type { RedisHashConfig } from "./config.js";

const PAGE = 1_000;
/** A longer list is not looked through: who is in it stays unknown. */
const ENTRIES_MAX = 500_000;
/** A look at the lists serves every page read within this time. */
const FRESH_MS = 1_000;

/** Which ids are in the lists beside the hash. */
export interface ListMembers {
  /** null: there is no such list in the configuration, or it is too long to look through. */
  readonly pending: ReadonlySet<string> | null;
  readonly processing: ReadonlySet<string> | null;
}

export interface Lists {
  /** A look that is at most a second old: for a page among many. */
  recent(): Promise<ListMembers>;
  /** A look that begins now: for what a repair is decided and journalled on. */
  now(): Promise<ListMembers>;
}

export function createLists(redis: Redis, lists: RedisHashConfig["lists"]): Lists {
  let last: { readonly atMs: number; readonly members: Promise<ListMembers> } | null = null;
  const now = () => {
    last = { atMs: performance.now(), members: look(redis, lists) };
    return last.members;
  };
  return {
    recent: () => (last === null || performance.now() - last.atMs > FRESH_MS ? now() : last.members),
    now,
  };
}

/** Pending first: an id that is moved to processing meanwhile is then seen there. */
async function look(redis: Redis, lists: RedisHashConfig["lists"]): Promise<ListMembers> {
  const pending = lists.pending === undefined ? null : await idsOf(redis, lists.pending);
  const processing = lists.processing === undefined ? null : await idsOf(redis, lists.processing);
  return { pending, processing };
}

/**
 * Read from both ends: while entries leave at one end, what is read from that end on moves towards it and some are missed;
 * what is read from the other end on is not.
 */
async function idsOf(redis: Redis, key: string): Promise<ReadonlySet<string> | null> {
  const length = await redis.llen(key);
  if (length > ENTRIES_MAX) return null;
  const ids = new Set<string>();
  for (let start = 0; ; start += PAGE) {
    const page = await redis.lrange(key, start, start + PAGE - 1);
    for (const id of page) ids.add(id);
    if (page.length < PAGE || start > ENTRIES_MAX) break;
  }
  for (let end = -1; ; end -= PAGE) {
    const page = await redis.lrange(key, end - PAGE + 1, end);
    for (const id of page) ids.add(id);
    if (page.length < PAGE || -end > ENTRIES_MAX) break;
  }
  return ids;
}
