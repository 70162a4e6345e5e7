import type { WakeUpTransport } from "../ledger/index.js";
import type { RedisConnection } from "./connection.js";
import { keyNames } from "./key-names.js";

export interface RedisWakeUpOptions {
  readonly redis: RedisConnection;
  /** Prefix of the values' keys; the channel's name is derived from it. */
  readonly prefix: string;
}

/**
 * Sends wake-ups over Redis pub/sub, so they put no load on the database. While Redis is down there
 * are no wake-ups between processes, and every reader finds its work by polling.
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
