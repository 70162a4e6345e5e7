import type { HintTransport } from "../ledger/index.js";
import type { RedisConnection } from "./connection.js";
import { keyNames } from "./key-names.js";

export interface RedisHintOptions {
  readonly redis: RedisConnection;
  /** Of the values' keys; the channel's name is made from it. */
  readonly prefix: string;
}

/**
 * Hints over Redis pub/sub: they take nothing from the database. While Redis is away there are no hints between processes, and
 * every reader finds its work by polling.
 */
export function redisHintTransport({ redis, prefix }: RedisHintOptions): HintTransport {
  const { hints } = keyNames(prefix);
  return {
    publish: async (payload) => void (await redis.quick.publish(hints, payload)),
    async subscribe(onMessage) {
      const stop = redis.listen(hints, onMessage);
      return async () => stop();
    },
  };
}
