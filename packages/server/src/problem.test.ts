import { DatabaseUnavailableError, ERROR_CODES, LockstepError } from "lockstep/internal/errors";
import { expect, it } from "vitest";
import { retryAfterSeconds, toLockstepError, toProblem } from "./problem.js";

it("turns an error into an RFC 9457 document with its code, issues and request", () => {
  const error = new LockstepError("INVALID_INPUT", "The input is not valid.", {
    issues: [{ pointer: "/input/url", detail: "is no URL" }],
  });
  expect(toProblem(error, "r1")).toEqual({
    type: "/docs/errors#INVALID_INPUT",
    title: ERROR_CODES.INVALID_INPUT.title,
    status: 422,
    detail: "The input is not valid.",
    code: "INVALID_INPUT",
    request_id: "r1",
    errors: [{ pointer: "/input/url", detail: "is no URL" }],
  });
});

it("never repeats the message of a server error or its cause", () => {
  const secret = "connect to postgres://u:secret@db";
  const errors = [
    new Error(secret),
    new LockstepError("SCHEMA_NEWER", secret),
    new DatabaseUnavailableError(secret, new Error(secret)),
    Object.assign(new Error(secret), { code: "FST_ERR_REP_INVALID_PAYLOAD_TYPE", statusCode: 500 }),
    secret,
  ];
  for (const error of errors)
    expect(JSON.stringify(toProblem(toLockstepError(error), "r1"))).not.toContain("secret");
});

it("says when to retry, and only when that can help", () => {
  expect(retryAfterSeconds(new LockstepError("OVERLOADED", "busy", { retryAfterSeconds: 7 }))).toBe(7);
  expect(retryAfterSeconds(new LockstepError("STATUS_UNKNOWN", "?"))).toBeGreaterThan(0);
  expect(retryAfterSeconds(new LockstepError("NOT_FOUND", "no"))).toBeNull();
});

it("shows at most a hundred issues", () => {
  const issues = Array.from({ length: 500 }, (_, index) => ({ pointer: `/jobs/${index}`, detail: "bad" }));
  expect(toProblem(new LockstepError("INVALID_INPUT", "bad", { issues }), "r1").errors).toHaveLength(100);
});
