import { expect, it } from "vitest";
import { agoText, spanText } from "./span.js";

it("shows a duration in at most two units", () => {
  const texts = [0, 12, 999, 1_500, 12_000, 252_000, 3_600_000, 3_660_000, 90_061_000].map(spanText);
  expect(texts).toEqual([
    "0 ms",
    "12 ms",
    "999 ms",
    "1.5 s",
    "12 s",
    "4 min 12 s",
    "1 h",
    "1 h 1 min",
    "1 d 1 h",
  ]);
});

it("reports clock skew instead of a negative duration", () => {
  expect(spanText(-5_000)).toBe("clock skew");
  expect(spanText(-300)).toBe("0 ms");
});

it("shows how long ago a moment was, or how far ahead it is", () => {
  const now = Date.parse("2031-02-03T04:05:06Z");
  expect(agoText("2031-02-03T04:05:05Z", now)).toBe("just now");
  expect(agoText("2031-02-03T04:04:54Z", now)).toBe("12 s ago");
  expect(agoText("2031-02-03T02:00:00Z", now)).toBe("2 h ago");
  expect(agoText("2031-02-03T04:06:06Z", now)).toBe("in 1 min");
});
