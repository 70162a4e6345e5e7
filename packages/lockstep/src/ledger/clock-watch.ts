/**
 * The clock of the database, as one process observes it. Times of the database can be compared with
 * each other only while its clock runs steadily, and a silence says nothing about a worker while
 * the database or the observer was away.
 */

/** A longer time between two readings means that this process or the database was away. */
const GAP_MS_MAX = 4_000;
/**
 * A larger difference between the database's clock and this process's monotonic one means that the
 * clock was set, or that a machine slept.
 */
export const STEP_MS_MAX = 3_000;

export interface ClockReading {
  /** Milliseconds since 1970, by the database's clock. */
  readonly now: number;
  /**
   * When the server was started. If it changes, every heartbeat may be old through no fault of the
   * workers.
   */
  readonly serverStart: string;
  /** When the answer arrived, by this process's monotonic clock, in milliseconds. */
  readonly atMs: number;
}

export interface WatchedClock extends ClockReading {
  /** Since when the clock has run steadily and was observed, by the database's clock. */
  readonly steadySince: number;
}

/**
 * @returns the clock after one more reading. A gap, a step or a restart begins a new steady time
 */
export function watchClock(before: WatchedClock | null, reading: ClockReading): WatchedClock {
  if (before === null) return { ...reading, steadySince: reading.now };
  const elapsedMs = reading.atMs - before.atMs;
  const isSteady =
    elapsedMs <= GAP_MS_MAX &&
    Math.abs(reading.now - before.now - elapsedMs) <= STEP_MS_MAX &&
    reading.serverStart === before.serverStart;
  return { ...reading, steadySince: isSteady ? before.steadySince : reading.now };
}

/** What the database's clock shows at a moment, if nobody set it since it was read. */
export function clockAt({ now, atMs }: ClockReading, momentMs: number): number {
  return now + momentMs - atMs;
}
