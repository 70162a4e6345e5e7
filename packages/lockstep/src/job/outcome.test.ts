import { expect, it } from "vitest";
import { isUnstorable, unstorableOutcome } from "./outcome.js";

it("a result that cannot be stored fails the job permanently, with its own error code", () => {
  const outcome = unstorableOutcome("It is too large.");
  expect(outcome).toMatchObject({ type: "failed", retry_in_ms: null, error: { code: "RESULT_UNSTORABLE" } });
  expect(isUnstorable(outcome)).toBe(true);
  expect(isUnstorable({ ...outcome, retry_in_ms: 0 } as typeof outcome)).toBe(false);
  expect(isUnstorable({ type: "released" })).toBe(false);
});
