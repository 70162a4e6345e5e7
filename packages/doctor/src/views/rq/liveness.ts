import type { Redis } from "ioredis";
import { listMembers, type SharedLookups, sharedLookups } from "../list-members.js";
import { decodeRunning, type StartedJobs } from "./decode.js";

/** More running jobs than this are not read: their locks stay unknown. */
const RUNNING_MAX = 100_000;

/** How long one read may be reused. */
export type Age = keyof SharedLookups<unknown>;

/** The registry and the list of one queue of RQ. */
export interface Liveness {
  /** null: too many to read. */
  readonly running: StartedJobs | null;
  /** The ids in the queue's list; null: too many to read. */
  waiting(age: Age): Promise<ReadonlySet<string> | null>;
  /** The server's clock, in seconds since 1970. */
  readonly nowSeconds: number;
}

/** Reads the registries and lists of queues. */
export function createLiveness(redis: Redis): SharedLookups<Liveness> {
  const waiting = sharedLookups((queue) => listMembers({ redis, key: `rq:queue:${queue}` }));
  return sharedLookups(async (queue) => {
    const registry = `rq:wip:${queue}`;
    const [[seconds], count] = await Promise.all([redis.time(), redis.zcard(registry)]);
    const flat = count > RUNNING_MAX ? null : await redis.zrange(registry, 0, "-1", "WITHSCORES");
    return {
      running: flat && decodeRunning(flat),
      waiting: (age) => waiting[age](queue),
      nowSeconds: Number(seconds),
    };
  });
}
