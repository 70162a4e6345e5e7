import { describe, expect, it } from "vitest";
import { rfc3339 } from "./rfc3339.js";

describe("PostgreSQL's times", () => {
  it.each([
    ["2026-11-22 18:32:45.123456+00", "2026-11-22T18:32:45.123456Z"],
    ["2026-11-22 18:32:45.1+00", "2026-11-22T18:32:45.100000Z"],
    ["2026-11-22 18:32:45+00", "2026-11-22T18:32:45.000000Z"],
    ["2026-11-22 18:32:45.000007+05:30", "2026-11-22T13:02:45.000007Z"],
    ["2026-11-22 18:32:45.5-08", "2026-11-23T02:32:45.500000Z"],
    ["infinity", "infinity"],
    ["-infinity", "-infinity"],
  ])("%s is %s", (text, expected) => {
    expect(rfc3339(text)).toBe(expected);
  });

  it("texts sort in the order of the times", () => {
    const later = rfc3339("2026-11-22 18:32:45.81+00");
    expect(rfc3339("2026-11-22 18:32:45.8+00") < later).toBe(true);
  });
});
