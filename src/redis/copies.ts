import { type CacheAnswer, createCache } from "./cache.js";
import type { RedisConnection } from "./connection.js";
import { keyNames } from "./key-names.js";
import { readValue } from "./value.js";

/** The copies as whoever looks after them needs them. */
export interface Copies {
  /** Answers within 250 ms, whatever Redis does. */
  get(jobId: string): Promise<CacheAnswer>;
  /** Removes the copy of a job, if it is the one that was made at that time. @returns whether it was */
  remove(jobId: string, asOf: string): Promise<boolean>;
}

export function createCopies(options: { readonly redis: RedisConnection; readonly prefix: string }): Copies {
  const { redis, prefix } = options;
  const cache = createCache(options);
  const names = keyNames(prefix);
  return {
    get: (jobId) => cache.get(jobId),
    async remove(jobId, asOf) {
      const key = names.value(jobId);
      const text = await redis.quick.get(key);
      if (text === null || readValue(jobId, text)?.job.as_of !== asOf) return false;
      return (await redis.quick.eval(REMOVE, 1, key, text)) === 1;
    },
  };
}

/** Returns 1 when the value was the one given and is removed, 0 when it is another. */
const REMOVE = `if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('del', KEYS[1])`;
