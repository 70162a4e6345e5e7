import { newId } from "lockstep/internal/job";
import type { BullQueue } from "./entries.js";

const COMPLETE = "whole";

/** What a marker needs from the connection of BullMQ's Redis backend. */
interface SyncMarkerClient {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
}

/**
 * A key in Redis that says that every pending job has its entry. It is lost together with the
 * entries when Redis is flushed, replaced or restored from an old copy. A missing key therefore
 * shows that the entries must be created again.
 */
export interface SyncMarker {
  /** Whether the entries are complete, according to the key. */
  isComplete(): Promise<boolean>;
  /**
   * Records that the entries are being created again.
   * @returns the argument for `finish`
   */
  begin(): Promise<string>;
  /** @returns false when Redis was flushed since `begin`: the entries made so far may be gone */
  finish(walk: string): Promise<boolean>;
}

/**
 * The marker of a queue in Redis. Another backend cannot be flushed, so there the marker always
 * holds.
 */
export function createSyncMarker(queue: BullQueue): SyncMarker {
  const { client } = queue.backend as { readonly client?: Promise<SyncMarkerClient> };
  if (client === undefined)
    return { isComplete: async () => true, begin: async () => COMPLETE, finish: async () => true };
  // Outside BullMQ's own key space, where it would look like a job.
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
