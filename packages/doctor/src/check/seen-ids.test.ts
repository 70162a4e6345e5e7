import { describe, expect, it } from "vitest";
import { SeenIds } from "./seen-ids.js";

describe("the ids that were seen", () => {
  it.each([
    ["the number of ids is unknown", 0],
    ["far fewer were expected", 1_000],
    ["as many were expected", 150_000],
    ["far more were expected", 1_000_000],
  ])("are new once, when %s", (_when, expected) => {
    const seen = new SeenIds(expected);
    const ids = Array.from({ length: 150_000 }, (_, index) => `job-${index}`);
    expect(ids.filter((id) => seen.has(id))).toEqual([]);
    expect(ids.filter((id) => !seen.add(id))).toEqual([]);
    expect(ids.filter((id) => seen.add(id) || !seen.has(id))).toEqual([]);
    expect(seen.has("job-150000")).toBe(false);
  });
});
