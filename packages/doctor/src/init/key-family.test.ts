import { describe, expect, it } from "vitest";
import { shapeOf } from "./key-family.js";

describe("the pattern of a key", () => {
  it.each([
    ["result:0199b7a0-0000-7000-8000-000000000001", "result:{id}"],
    ["result:17", "result:{id}"],
    ["app:job:01H8XGJWBWBAQ4Z4ZZZZZZZZZZ:state", "app:job:{id}:state"],
    ["job-17", "{id}"],
    ["scan:scan_0003", "scan:{id}"],
  ])("of %s is %s", (key, pattern) => {
    expect(shapeOf(key)?.pattern).toBe(pattern);
  });

  it.each(["scan_jobs:jobs", "config", "session:active", ""])("is none for %j", (key) => {
    expect(shapeOf(key)).toBeNull();
  });
});
