import type { Redis } from "ioredis";
import { listMembers } from "../list-members.js";
import type { RedisHashConfig } from "./config.js";

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
    last = { atMs: performance.now(), members: lookUp(redis, lists) };
    return last.members;
  };
  return {
    recent: () => (last === null || performance.now() - last.atMs > FRESH_MS ? now() : last.members),
    now,
  };
}

/** Pending first: an id that is moved to processing meanwhile is then seen there. */
async function lookUp(redis: Redis, lists: RedisHashConfig["lists"]): Promise<ListMembers> {
  const pending = lists.pending === undefined ? null : await listMembers({ redis, key: lists.pending });
  const processing =
    lists.processing === undefined ? null : await listMembers({ redis, key: lists.processing });
  return { pending, processing };
}
