import { expect, it } from "vitest";
import { agoText, durationText } from "./duration-text.js";

it.each([
  [0, "0.0 s"],
  [0.44, "0.4 s"],
  [9.96, "10 s"],
  [59.6, "1 min"],
  [65, "1 min 5 s"],
  [3_600, "1 h"],
  [7_830, "2 h 10 min"],
  [100_000, "1 d 3 h"],
  [-5, "-5.0 s"],
])("%d seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

it("shows times before and after the server's clock", () => {
  const now = "2031-01-01T00:10:00Z";
  expect(agoText("2031-01-01T00:09:59.5Z", now)).toBe("now");
  expect(agoText("2031-01-01T00:00:00Z", now)).toBe("10 min ago");
  expect(agoText("2031-01-01T00:10:30Z", now)).toBe("in 30 s");
});
