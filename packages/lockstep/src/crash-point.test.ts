import { afterEach, expect, it } from "vitest";
import { armCrashPoints, crashPoint } from "./crash-point.js";

afterEach(() => armCrashPoints(null));

it("reports a reached crash point only while the crash points are armed", () => {
  const reached: string[] = [];
  crashPoint("spool: appended");
  armCrashPoints((point) => reached.push(point));
  crashPoint("spool: appended");
  armCrashPoints(null);
  crashPoint("spool: appended");
  expect(reached).toEqual(["spool: appended"]);
});
