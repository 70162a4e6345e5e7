import type { Database } from "../database/index.js";
import { DatabaseUnavailableError } from "../errors.js";
import { withDeadline } from "../timing/index.js";
import { statement } from "./statements.js";

const ANSWER_MS = 500;
/** How long the difference of the two clocks is used before it is measured again. */
const FRESH_MS = 1_000;

/**
 * The time by the database's clock, so that all times of an answer are of one clock, whatever the
 * clock of this process says.
 */
export interface DatabaseClock {
  /** RFC 3339 in UTC, right to some milliseconds. When the database does not answer: estimated. */
  now(): Promise<string>;
  /**
   * By the last difference of the clocks that was measured; before the first, by this process's
   * clock.
   */
  estimate(): string;
  /** Measures a round trip, in milliseconds, and the difference of the clocks. */
  measure(): Promise<number>;
}

export function createDatabaseClock(database: Database): DatabaseClock {
  /** Milliseconds since 1970 by the database's clock when `performance.now()` was 0. */
  let zeroMs: number | null = null;
  let measuredMs = Number.NEGATIVE_INFINITY;
  let measuring: Promise<number> | null = null;

  const measureNow = async (): Promise<number> => {
    const beganMs = performance.now();
    const atMs = await databaseClock(database);
    const tookMs = performance.now() - beganMs;
    zeroMs = atMs - (beganMs + tookMs / 2);
    measuredMs = performance.now();
    return tookMs;
  };
  const measure = (): Promise<number> => {
    measuring ??= measureNow().finally(() => {
      measuring = null;
    });
    return measuring;
  };
  const estimate = (): string =>
    new Date(zeroMs === null ? Date.now() : zeroMs + performance.now()).toISOString();
  return {
    measure,
    estimate,
    async now() {
      if (performance.now() - measuredMs > FRESH_MS) {
        const answered = measure().catch((error: unknown) => {
          if (!(error instanceof DatabaseUnavailableError)) throw error;
        });
        await withDeadline(answered, { ms: ANSWER_MS, late: () => undefined });
      }
      return estimate();
    },
  };
}

/** @returns milliseconds since 1970, by the database's clock */
export async function databaseClock(database: Database): Promise<number> {
  const { rows } = await database.query<{ now: number }>(statement("database_clock"));
  return rows[0]?.now ?? Date.now();
}

/** RFC 3339 in UTC, by the database's clock. */
export async function databaseTime(database: Database): Promise<string> {
  return new Date(await databaseClock(database)).toISOString();
}
