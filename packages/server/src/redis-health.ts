import type { DatabaseClock } from "lockstep/internal/ledger";

/** A connection to Redis, by shape. */
export interface RedisState {
  readonly isUp: boolean;
  /** RFC 3339; null while it is up. */
  readonly downSince: string | null;
}

/** Remembers since when Redis is up, which the connection does not report. */
export function createRedisHealth(redis: RedisState, clock: Pick<DatabaseClock, "estimate">) {
  let upSince: string | null = null;
  return {
    /** Answers from memory: the connection is checked every second anyway. */
    state() {
      const { downSince } = redis;
      const now = clock.estimate();
      if (!redis.isUp) {
        upSince = null;
        return {
          status: "down" as const,
          since: downSince === null ? now : byClock(clock, downSince),
          latency_ms: null,
        };
      }
      upSince ??= now;
      return { status: "up" as const, since: upSince, latency_ms: null };
    },
  };
}

/** The time at which this process's clock showed a time, by the database's clock. */
function byClock(clock: Pick<DatabaseClock, "estimate">, time: string): string {
  return new Date(Date.parse(time) + Date.parse(clock.estimate()) - Date.now()).toISOString();
}
