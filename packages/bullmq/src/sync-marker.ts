import { newId } from "lockstep/internal/job";
import type { BullQueue } from "./entries.js";

const COMPLETE = "whole";

/** What a marker needs of the connection of BullMQ's Redis backend. */
interface SyncMarkerClient {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
}

/**
 * A key in Redis that says that every pending job has its entry. It goes with the entries when Redis is flushed, replaced
 * or restored from an old copy without it, and so tells that they must be made again.
 */
export interface SyncMarker {
  /** Whether the entries are whole, as far as the key tells. */
  isComplete(): Promise<boolean>;
  /** Notes that the entries are being made again. @returns what `finish` takes */
  begin(): Promise<string>;
  /** @returns false when Redis was flushed since `begin`: the entries made so far may be gone */
  finish(walk: string): Promise<boolean>;
}

/** Of a queue that is kept in Redis. On another backend there is none to flush, and the marker always holds. */
export function createSyncMarker(queue: BullQueue): SyncMarker {
  const { client } = queue.backend as { readonly client?: Promise<SyncMarkerClient> };
  if (client === undefined)
    return { isComplete: async () => true, begin: async () => COMPLETE, finish: async () => true };
  // Not in BullMQ's own key space, where it would look like a job.
  const key = `lockstep:bullmq:${queue.qualifiedName}`;
  return {
    isComplete: async () => (await (await client).get(key)) === COMPLETE,
    async begin() {
      const walk = `walk ${newId()}`;
      await (await client).set(key, walk);
      return walk;
    },
    async finish(walk) {
      if ((await (await client).get(key)) !== walk) return false;
      await (await client).set(key, COMPLETE);
      return true;
    },
  };
}
