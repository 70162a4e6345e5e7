import type { Redis } from "ioredis";
import { listMembers } from "../list-members.js";
import type { RedisHashConfig } from "./config.js";

/** How long one read of the lists is used for pages. */
const FRESH_MS = 1_000;

/** The ids in the lists beside the hash. */
export interface ListMembers {
  /** null: the configuration has no such list, or it is too long to read. */
  readonly pending: ReadonlySet<string> | null;
  readonly processing: ReadonlySet<string> | null;
}

export interface Lists {
  /** A read that is at most a second old, for a page of a listing. */
  recent(): Promise<ListMembers>;
  /** A read that starts now, for the decision and the journal of a repair. */
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

/** Reads pending first, so that an id that moves to processing meanwhile is found there. */
async function lookUp(redis: Redis, lists: RedisHashConfig["lists"]): Promise<ListMembers> {
  const pending = lists.pending === undefined ? null : await listMembers({ redis, key: lists.pending });
  const processing =
    lists.processing === undefined ? null : await listMembers({ redis, key: lists.processing });
  return { pending, processing };
}
