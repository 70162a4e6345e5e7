import { expect, it } from "vitest";
import { nearestName } from "./nearest-name.js";

const NAMES = ["LOCKSTEP_PORT", "LOCKSTEP_HOST", "LOCKSTEP_CONCURRENCY"];

it.each([
  ["LOCKSTEP_PROT", "LOCKSTEP_PORT"],
  ["LOCKSTEP_POR", "LOCKSTEP_PORT"],
  ["LOCKSTEP_CONCURENCY", "LOCKSTEP_CONCURRENCY"],
  ["LOCKSTEP_HOST", "LOCKSTEP_HOST"],
  ["SOMETHING_ELSE_ALTOGETHER", null],
])("for %s suggests %s", (word, name) => {
  expect(nearestName(word, NAMES)).toBe(name);
});

it("suggests nothing when no name is near", () => {
  expect(nearestName("a", [])).toBeNull();
});
