import type { DatabaseClock } from "lockstep/internal/ledger";

/** A connection to Redis, by shape. */
export interface RedisState {
  readonly isUp: boolean;
  /** RFC 3339, by this process's clock; null while it is up. */
  readonly downSince: string | null;
}

/**
 * Remembers since when Redis is up, which the connection does not report. Times are by the
 * database's clock, as in the rest of the answer.
 */
export function createRedisHealth(redis: RedisState, clock: Pick<DatabaseClock, "estimate">) {
  let upSince: string | null = null;
  let down: { readonly downSince: string | null; readonly since: string } | null = null;
  return {
    /** Answers from memory: the connection is checked every second anyway. */
    state() {
      const { downSince, isUp } = redis;
      if (!isUp) {
        upSince = null;
        if (down === null || down.downSince !== downSince)
          down = { downSince, since: byClock(clock, downSince) };
        return { status: "down" as const, since: down.since, latency_ms: null };
      }
      upSince ??= clock.estimate();
      return { status: "up" as const, since: upSince, latency_ms: null };
    },
  };
}

/** A time of this process's clock, by the database's clock; null: now. */
function byClock(clock: Pick<DatabaseClock, "estimate">, time: string | null): string {
  const now = clock.estimate();
  return time === null ? now : new Date(Date.parse(time) + Date.parse(now) - Date.now()).toISOString();
}
