import type { WakeUpTransport } from "../ledger/index.js";
import type { RedisConnection } from "./connection.js";
import { keyNames } from "./key-names.js";

export interface RedisWakeUpOptions {
  readonly redis: RedisConnection;
  /** Of the values' keys; the channel's name is made from it. */
  readonly prefix: string;
}

/**
 * Hints over Redis pub/sub: they take nothing from the database. While Redis is away there are no hints between processes, and
 * every reader finds its work by polling.
 */
export function redisWakeUpTransport({ redis, prefix }: RedisWakeUpOptions): WakeUpTransport {
  const { wakeUps } = keyNames(prefix);
  return {
    publish: async (payload) => void (await redis.quick.publish(wakeUps, payload)),
    async subscribe(onMessage) {
      const stop = redis.listen(wakeUps, onMessage);
      return async () => stop();
    },
  };
}
