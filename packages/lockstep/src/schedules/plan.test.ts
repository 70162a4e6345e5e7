import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CatchUp } from "../ledger/index.js";
import { type CronTimes, parseCron } from "./cron.js";
import { CATCH_UP_MAX, dueTimes } from "./plan.js";

const HOUR_MS = 3_600_000;
const start = Date.parse("2031-06-01T00:00:00Z");
const hourly = parseCron("0 * * * *", "UTC");

const hoursOn = (hours: number) => start + hours * HOUR_MS;
const plan = (catchUp: CatchUp, nowMs: number, times: CronTimes = hourly) =>
  dueTimes(times, { dueMs: start, nowMs, catchUp });

describe("the plan of a schedule that is due", () => {
  it.each(["none", "one", "all"] as const)("submits for its time when it is in time (%s)", (catchUp) => {
    expect(plan(catchUp, start + 12)).toEqual({ ticks: [start], leftOut: 0, next: hoursOn(1) });
  });

  it("none: times missed by more than 30 seconds are skipped", () => {
    expect(plan("none", hoursOn(5) + 30_000)).toEqual({ ticks: [hoursOn(5)], leftOut: 5, next: hoursOn(6) });
    expect(plan("none", hoursOn(5) + 30_001)).toEqual({ ticks: [], leftOut: 6, next: hoursOn(6) });
  });

  it("one: submits for the newest missed time", () => {
    expect(plan("one", hoursOn(5) + 1_800_000)).toEqual({
      ticks: [hoursOn(5)],
      leftOut: 5,
      next: hoursOn(6),
    });
  });

  it("all: submits for each missed time, oldest first", () => {
    const { ticks, leftOut, next } = plan("all", hoursOn(3));
    expect([ticks, leftOut, next]).toEqual([[start, hoursOn(1), hoursOn(2), hoursOn(3)], 0, hoursOn(4)]);
  });

  it("all: submits for the newest hundred at most, even of a million", () => {
    const { ticks, leftOut, next } = plan("all", hoursOn(24 * 30));
    expect([ticks.length, ticks[0], ticks.at(-1), next]).toEqual([
      CATCH_UP_MAX,
      hoursOn(24 * 30 - CATCH_UP_MAX + 1),
      hoursOn(24 * 30),
      hoursOn(24 * 30 + 1),
    ]);
    expect(leftOut).toBeGreaterThan(0);
    const cron = parseCron("* * * * * *", "UTC");
    let asked = 0;
    const everySecond: CronTimes = {
      next(afterMs) {
        asked += 1;
        return cron.next(afterMs);
      },
      newest: (count, untilMs) => cron.newest(count, untilMs),
    };
    expect(plan("all", hoursOn(24 * 30), everySecond)).toMatchObject({ next: hoursOn(24 * 30) + 1_000 });
    expect(asked, "of 2,592,000 times").toBe(CATCH_UP_MAX + 2);
    expect(plan("one", hoursOn(24 * 30), everySecond).ticks).toEqual([hoursOn(24 * 30)]);
  });

  it("has no next time after its last one", () => {
    const once = parseCron("0 0 0 1 6 * 2031", "UTC");
    expect(plan("one", hoursOn(500), once)).toEqual({ ticks: [start], leftOut: 0, next: null });
  });

  it("ticks are due times in order, and the next time is in the future, whatever was missed", () => {
    const crons = fc.constantFrom("* * * * * *", "*/7 * * * *", "30 2 * * *", "0 0 1 * *", "15 3 * * 1-5");
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York");
    const catchUps = fc.constantFrom<CatchUp>("none", "one", "all");
    fc.assert(
      fc.property(
        crons,
        zones,
        catchUps,
        fc.integer({ min: 0, max: 400 * 24 * HOUR_MS }),
        (cron, zone, catchUp, lateMs) => {
          const times = parseCron(cron, zone);
          const dueMs = times.next(start) ?? 0;
          const nowMs = dueMs + lateMs;
          const { ticks, next } = dueTimes(times, { dueMs, nowMs, catchUp });
          for (const [index, tick] of ticks.entries()) {
            expect(tick).toBeGreaterThanOrEqual(dueMs);
            expect(tick).toBeLessThanOrEqual(nowMs);
            expect(times.next(tick - 1)).toBe(tick);
            if (index > 0) expect(tick).toBeGreaterThan(ticks[index - 1] ?? 0);
          }
          if (catchUp !== "none") expect(ticks.length).toBeGreaterThan(0);
          expect(next).toBeGreaterThan(nowMs);
          expect(times.next(nowMs)).toBe(next);
        },
      ),
    );
  });
});
