import { describe, expect, it } from "vitest";
import {
  attemptOf,
  decodeInspected,
  errorOf,
  evidenceOf,
  fieldsOf,
  fingerprintOf,
  resultOf,
  timeOf,
} from "./job-hash.js";

const job = (state: string, fields: Record<string, string>, hasLock = false) => ({
  state,
  isStateSure: true,
  hasLock,
  score: "",
  isPaused: false,
  fields: new Map(Object.entries(fields)),
});

describe("a job of BullMQ", () => {
  it("is parsed from the script's answer", () => {
    expect(decodeInspected(["active", 1, 1, ["name", "scan", "atm", null], "", 0])).toEqual({
      state: "active",
      isStateSure: true,
      hasLock: true,
      score: "",
      isPaused: false,
      fields: new Map([["name", "scan"]]),
    });
  });

  it.each([null, [], ["active"], [1, 1, 1, []], "active"])("is null when the script answers %j", (answer) => {
    expect(decodeInspected(answer)).toBeNull();
  });

  it("has the result as BullMQ wrote it", () => {
    expect(resultOf(fieldsOf(["returnvalue", '{"n": 1.0}']))).toEqual({
      parsed: { n: 1 },
      json: '{"n": 1.0}',
    });
  });

  it.each(["null", ""])("has no result where the hash says %j", (text) => {
    expect(resultOf(fieldsOf(["returnvalue", text]))).toBeUndefined();
  });

  it("keeps a result that is not JSON as text", () => {
    expect(resultOf(fieldsOf(["returnvalue", "done"]))).toEqual({ parsed: "done", json: '"done"' });
  });

  it("has the message and the newest stack trace of its error", () => {
    const fields = fieldsOf(["failedReason", "no", "stacktrace", '["old","new"]']);
    expect(errorOf(fields)).toBe('{"message":"no","stack":"new"}');
    expect(errorOf(fieldsOf(["failedReason", "no", "stacktrace", "{"]))).toBe('{"message":"no"}');
    expect(errorOf(fieldsOf(["failedReason", ""]))).toBeUndefined();
  });

  it("counts started attempts, using the fields of each version", () => {
    expect(attemptOf(fieldsOf(["attemptsMade", "2"]))).toBe(2);
    expect(attemptOf(fieldsOf(["ats", "3", "atm", "2"]))).toBe(3);
    expect(attemptOf(fieldsOf([]))).toBeNull();
    expect(attemptOf(fieldsOf(["ats", "many"]))).toBeNull();
  });

  it("has times in milliseconds since 1970", () => {
    expect(timeOf(fieldsOf(["finishedOn", "1795384500441"]), "finishedOn")).toBe("2026-11-22T21:55:00.441Z");
  });

  it("has a fingerprint that depends on its state and every value, but not on the order of its fields", () => {
    const fingerprint = fingerprintOf(job("waiting", { a: "1", b: "2" }));
    expect(fingerprintOf(job("waiting", { b: "2", a: "1" }))).toBe(fingerprint);
    expect(fingerprintOf(job("delayed", { a: "1", b: "2" }))).not.toBe(fingerprint);
    expect(fingerprintOf(job("waiting", { a: "1", b: "3" }))).not.toBe(fingerprint);
  });

  it("reports whether a worker holds its lock", () => {
    expect(evidenceOf(job("active", {}, false))).toContain("no worker holds its lock");
    expect(evidenceOf(job("active", {}, true))).toContain("a worker holds its lock");
  });
});
