import { afterEach, expect, it, vi } from "vitest";
import type { Database } from "../../src/database/index.js";
import { DatabaseUnavailableError } from "../../src/errors.js";
import { createDatabaseClock } from "../../src/ledger/database-clock.js";

afterEach(() => void vi.useRealTimers());

/** A database whose clock is ahead of this process's. */
function databaseAhead(milliseconds: () => number): Database {
  const query = async () => ({ rows: [{ now: Date.now() + milliseconds() }], rowCount: 1 });
  return { query } as unknown as Database;
}
const aheadOf = (time: string) => Date.parse(time) - Date.now();

it("shows the database's time, and follows when its clock is set", async () => {
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
  let ahead = 3_600_000;
  const clock = createDatabaseClock(databaseAhead(() => ahead));
  expect(aheadOf(await clock.now())).toBe(3_600_000);
  vi.advanceTimersByTime(100);
  expect(aheadOf(clock.estimate())).toBe(3_600_000);
  ahead = -60_000;
  vi.advanceTimersByTime(1_001);
  expect(aheadOf(await clock.now())).toBe(-60_000);
});

it("goes on with the last difference while the database is away, whatever happens to this process's clock", async () => {
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
  let isAway = false;
  const query = async () => {
    if (isAway) throw new DatabaseUnavailableError("away", null);
    return { rows: [{ now: Date.now() + 5_000 }], rowCount: 1 };
  };
  const clock = createDatabaseClock({ query } as unknown as Database);
  const before = Date.parse(await clock.now());
  isAway = true;
  vi.advanceTimersByTime(10_000);
  vi.setSystemTime(0);
  expect(Date.parse(await clock.now()) - before).toBe(10_000);
});

it("does not wait long for a database that does not answer", async () => {
  const clock = createDatabaseClock({ query: () => new Promise(() => undefined) } as unknown as Database);
  expect(Math.abs(aheadOf(await clock.now()))).toBeLessThan(10_000);
});

it("is not hidden when the statement itself is wrong", async () => {
  const query = () => Promise.reject(new Error("syntax"));
  await expect(createDatabaseClock({ query } as unknown as Database).now()).rejects.toThrow("syntax");
});
