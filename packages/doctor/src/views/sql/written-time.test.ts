import { describe, expect, it } from "vitest";
import { localTime, timeLike } from "./written-time.js";

const TIME = "2026-01-31T12:00:00.250Z";

describe("a time that is written into a table", () => {
  it.each([
    ["UTC", "2026-01-31 12:00:00.250"],
    ["+05:30", "2026-01-31 17:30:00.250"],
    ["-12:00", "2026-01-31 00:00:00.250"],
  ])("is the local time in %s", (zone, text) => {
    expect(localTime(TIME, zone)).toBe(text);
  });

  it.each([
    [1_700_000_000, 1_769_860_800],
    [1_700_000_000_000, 1_769_860_800_250],
    ["1700000000000", 1_769_860_800_250],
    ["2025-01-01 00:00:00", "2026-01-31 14:00:00.250"],
    ["2025-01-01T00:00:00", "2026-01-31T14:00:00.250"],
    ["2025-01-01T00:00:00.000Z", TIME],
    ["2025-01-01 00:00:00+00:00", "2026-01-31 12:00:00.250Z"],
    [null, "2026-01-31 14:00:00.250"],
    ["soon", "2026-01-31 14:00:00.250"],
  ])("has the format of %j in the same table", (example, written) => {
    expect(timeLike(example, TIME, "+02:00")).toBe(written);
  });
});
