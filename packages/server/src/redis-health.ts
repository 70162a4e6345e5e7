/** A connection to Redis, by shape. */
export interface RedisState {
  readonly isUp: boolean;
  /** RFC 3339; null while it is up. */
  readonly downSince: string | null;
}

/** Remembers since when Redis is up, which the connection does not report. */
export function createRedisHealth(redis: RedisState) {
  let upSince: string | null = null;
  return {
    /** Answers from memory: the connection is checked every second anyway. */
    state() {
      const { downSince } = redis;
      const now = new Date().toISOString();
      if (!redis.isUp) {
        upSince = null;
        return { status: "down" as const, since: downSince ?? now, latency_ms: null };
      }
      upSince ??= now;
      return { status: "up" as const, since: upSince, latency_ms: null };
    },
  };
}
