import { afterEach, expect, it } from "vitest";
import { armCrashPoints, crashPoint } from "./crash-point.js";

afterEach(() => armCrashPoints(null));

it("tells whoever armed the crash points that one was reached, and nobody else", () => {
  const reached: string[] = [];
  crashPoint("spool: appended");
  armCrashPoints((point) => reached.push(point));
  crashPoint("spool: appended");
  armCrashPoints(null);
  crashPoint("spool: appended");
  expect(reached).toEqual(["spool: appended"]);
});
