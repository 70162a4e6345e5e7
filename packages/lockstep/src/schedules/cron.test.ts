import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LockstepError } from "../errors.js";
import { parseCron } from "./cron.js";

function timesFrom(expression: string, timezone: string, from: string, count: number): string[] {
  const times = parseCron(expression, timezone);
  const found: string[] = [];
  let after: number | null = Date.parse(from);
  while (found.length < count && after !== null) {
    after = times.next(after);
    if (after !== null) found.push(new Date(after).toISOString().replace(".000Z", "Z"));
  }
  return found;
}

describe("the times of a cron expression", () => {
  it.each([
    ["0 3 * * *", "UTC", "2031-06-01T02:59:59Z", ["2031-06-01T03:00:00Z", "2031-06-02T03:00:00Z"]],
    ["0 3 * * *", "UTC", "2031-06-01T03:00:00Z", ["2031-06-02T03:00:00Z", "2031-06-03T03:00:00Z"]],
    ["*/20 * * * * *", "UTC", "2031-06-01T00:00:00.5Z", ["2031-06-01T00:00:20Z", "2031-06-01T00:00:40Z"]],
    ["@monthly", "UTC", "2031-06-15T00:00:00Z", ["2031-07-01T00:00:00Z", "2031-08-01T00:00:00Z"]],
    ["0 0 L * *", "UTC", "2032-02-01T00:00:00Z", ["2032-02-29T00:00:00Z", "2032-03-31T00:00:00Z"]],
    [
      "0 9 * * 1-5",
      "Europe/Berlin",
      "2031-06-06T12:00:00Z",
      ["2031-06-09T07:00:00Z", "2031-06-10T07:00:00Z"],
    ],
    ["0 0 0 1 1 * 2032", "UTC", "2031-06-06T12:00:00Z", ["2032-01-01T00:00:00Z"]],
    ["0 0 30 2 *", "UTC", "2031-06-06T12:00:00Z", []],
  ])("%s in %s after %s", (expression, timezone, from, expected) => {
    expect(timesFrom(expression, timezone, from, 2)).toEqual(expected);
  });

  // In 2031 the clocks of Berlin go forward on 30 March (02:00 becomes 03:00) and back on 26
  // October (03:00 becomes 02:00).
  it("a time of day that is skipped in spring occurs when the gap ends, on that day only", () => {
    expect(timesFrom("30 2 * * *", "Europe/Berlin", "2031-03-28T12:00:00Z", 3)).toEqual([
      "2031-03-29T01:30:00Z",
      "2031-03-30T01:00:00Z",
      "2031-03-31T00:30:00Z",
    ]);
    expect(timesFrom("0 2,3 * * *", "Europe/Berlin", "2031-03-29T12:00:00Z", 2)).toEqual([
      "2031-03-30T01:00:00Z",
      "2031-03-31T00:00:00Z",
    ]);
  });

  it("a time of day that is repeated in autumn occurs once, the first time", () => {
    expect(timesFrom("30 2 * * *", "Europe/Berlin", "2031-10-25T12:00:00Z", 2)).toEqual([
      "2031-10-26T00:30:00Z",
      "2031-10-27T01:30:00Z",
    ]);
    expect(timesFrom("30 2,14 * * *", "Europe/Berlin", "2031-10-25T20:00:00Z", 2)).toEqual([
      "2031-10-26T00:30:00Z",
      "2031-10-26T13:30:00Z",
    ]);
  });

  it("an interval continues through both clock changes", () => {
    expect(timesFrom("*/30 * * * *", "Europe/Berlin", "2031-03-30T00:00:00Z", 3)).toEqual([
      "2031-03-30T00:30:00Z",
      "2031-03-30T01:00:00Z",
      "2031-03-30T01:30:00Z",
    ]);
    expect(timesFrom("*/30 * * * *", "Europe/Berlin", "2031-10-25T23:30:00Z", 5)).toEqual([
      "2031-10-26T00:00:00Z",
      "2031-10-26T00:30:00Z",
      "2031-10-26T01:00:00Z",
      "2031-10-26T01:30:00Z",
      "2031-10-26T02:00:00Z",
    ]);
  });

  it.each([
    ["", "UTC", "/cron"],
    ["every day", "UTC", "/cron"],
    ["* * *", "UTC", "/cron"],
    ["61 * * * *", "UTC", "/cron"],
    ["*/0 * * * *", "UTC", "/cron"],
    ["2031-02-03T04:05:06", "UTC", "/cron"],
    ["@reboot", "UTC", "/cron"],
    [`${"0,".repeat(200)}0 * * * *`, "UTC", "/cron"],
    ["* * * * *", "Mars/Base", "/timezone"],
    ["* * * * *", "", "/timezone"],
    ["* * * * *", "x".repeat(5_000), "/timezone"],
  ])("%j in %j is rejected with a pointer", (expression, timezone, pointer) => {
    const refused = (() => {
      try {
        return parseCron(expression, timezone);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(LockstepError);
    expect(refused).toMatchObject({ code: "INVALID_INPUT", issues: [{ pointer }] });
  });
});

const field = (least: number, most: number) => {
  const value = fc.integer({ min: least, max: most });
  return fc.oneof(
    fc.constant("*"),
    value.map(String),
    fc.integer({ min: 1, max: most - least }).map((step) => `*/${step}`),
    fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.tuple(value, value).map(([a, b]) => `${a},${b}`),
  );
};
const expressions = fc
  .tuple(
    fc.option(field(0, 59), { nil: "" }),
    field(0, 59),
    field(0, 23),
    fc.oneof(fc.constant("*"), fc.constant("L"), field(1, 28)),
    fc.oneof(fc.constant("*"), field(1, 12)),
    fc.oneof(fc.constant("*"), fc.constant("FRI#2"), field(0, 6)),
  )
  .map((fields) => fields.join(" ").trim());
const timezones = fc.constantFrom(
  ...["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns"],
);
/** Mostly near the days on which clocks change. */
const instants = fc
  .tuple(
    fc.constantFrom("2031-03-09", "2031-03-30", "2031-04-06", "2031-10-05", "2031-10-26", "2031-11-02"),
    fc.integer({ min: -172_800_000, max: 172_800_000 }),
  )
  .map(([day, ms]) => Date.parse(day) + ms);

describe("of any expression, in any time zone, at any instant", () => {
  it("the next time is always later, and on a whole second", () => {
    fc.assert(
      fc.property(expressions, timezones, instants, (expression, timezone, from) => {
        const times = parseCron(expression, timezone);
        let after = from;
        for (let n = 0; n < 5; n++) {
          const next = times.next(after);
          if (next === null) return;
          expect(next).toBeGreaterThan(after);
          expect(next % 1_000).toBe(0);
          after = next;
        }
      }),
      { numRuns: 300 },
    );
  });

  it("the newest times up to an instant are those found by going forward", () => {
    fc.assert(
      fc.property(expressions, timezones, instants, (expression, timezone, from) => {
        const times = parseCron(expression, timezone);
        const forward: number[] = [];
        let next = times.next(from);
        for (; next !== null && forward.length < 4; next = times.next(next)) forward.push(next);
        const last = forward.at(-1);
        if (last === undefined) return;
        expect(times.newest(forward.length, last + 999)).toEqual(forward);
      }),
      { numRuns: 300 },
    );
  });
});
