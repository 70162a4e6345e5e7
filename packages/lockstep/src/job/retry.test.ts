import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationMs } from "./duration.js";
import { backoffMs, retryPolicy } from "./retry.js";

describe("backoff", () => {
  const policy = retryPolicy({ baseDelay: "1s", maxDelay: "1m" });

  it("doubles the maximum wait with every failure, up to a limit", () => {
    const ceilings = [1, 2, 3, 6, 7, 50, 1_000].map((failures) => backoffMs(policy, failures, 0.999_999_999));
    expect(ceilings).toEqual([999, 1_999, 3_999, 31_999, 59_999, 59_999, 59_999]);
  });

  it("has full jitter: any wait from zero to the maximum", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (failures, random) => {
          const wait = backoffMs(policy, failures, random);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThan(60_000);
        },
      ),
    );
    expect(backoffMs(policy, 5, 0)).toBe(0);
  });
});

describe("durations", () => {
  it.each([
    ["250ms", 250],
    ["30s", 30_000],
    ["2m", 120_000],
    ["1.5h", 5_400_000],
    ["7d", 604_800_000],
    [42, 42],
  ])("reads %j", (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each(["", "5", "-1s", "1 week", "s", 0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses %j",
    (text) => {
      expect(() => durationMs(text)).toThrow(RangeError);
    },
  );
});
