import { describe, expect, it } from "vitest";
import { clockAt, type WatchedClock, watchClock } from "./clock-watch.js";
import { mayReclaim } from "./maintenance.js";

const HOUR_MS = 3_600_000;
const serverStart = "monday";
/** Observed for a minute, read a second ago. */
const watched: WatchedClock = { now: 5_000_000, serverStart, atMs: 60_000, steadySince: 4_940_000 };
const read = (now: number, atMs = 61_000, started = serverStart) =>
  watchClock(watched, { now, serverStart: started, atMs });

describe("the database's clock", () => {
  it("is steady from the first reading", () => {
    expect(watchClock(null, { now: 7, serverStart, atMs: 1 }).steadySince).toBe(7);
  });

  it("stays steady while both clocks run at about the same speed", () => {
    expect(read(5_001_000).steadySince).toBe(4_940_000);
    expect(read(5_003_900).steadySince).toBe(4_940_000);
    expect(read(4_998_100).steadySince).toBe(4_940_000);
  });

  it.each([
    ["it was set forward", read(5_001_000 + HOUR_MS)],
    ["it was set back", read(5_001_000 - HOUR_MS)],
    ["it was not read for longer than four seconds", read(5_004_100, 64_100)],
    ["the server was restarted", read(5_001_000, 61_000, "tuesday")],
  ])("begins a new steady time when %s", (_, clock) => {
    expect(clock.steadySince).toBe(clock.now);
  });

  it("is known between two readings, as far as nobody sets it", () => {
    expect(clockAt(watched, 60_250)).toBe(5_000_250);
  });

  it("allows jobs to be taken away once it has been steady for the reclaim grace period", () => {
    expect(mayReclaim(watched, 60_000)).toBe(true);
    expect(mayReclaim(watched, 60_001)).toBe(false);
    expect(mayReclaim(read(5_001_000 - HOUR_MS), 40_000)).toBe(false);
  });
});
