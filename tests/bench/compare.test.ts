import { describe, expect, it } from "vitest";
import { CASES, chosenCases } from "../../bench/compare/cases.js";
import { linesOf, verdict } from "../../bench/compare/lines.js";

const PROCESSED = "processed/s";

describe("the comparison", () => {
  it("divides the rates of equal numbers of jobs in flight, and leaves out what was not measured", () => {
    const lines = linesOf(
      { "lockstep@400": { [PROCESSED]: 30_000 }, "bullmq@400": { [PROCESSED]: 15_000 } },
      0.25,
    );
    expect(lines).toEqual([
      { measure: "... at 400, times BullMQ", measured: 2, reach: 1.7, aim: 2.2, less: false },
    ]);
    expect(lines.map(verdict)).toEqual(["reached"]);
  });

  it("judges a cost by the opposite order of a rate", () => {
    const rate = { measure: "a rate", reach: 1, aim: 2, less: false };
    const cost = { measure: "a cost", reach: 48, aim: 40, less: true };
    expect([0.9, 1, 2].map((measured) => verdict({ ...rate, measured }))).toEqual([
      "missed",
      "reached",
      "aim",
    ]);
    expect([49, 48, 40].map((measured) => verdict({ ...cost, measured }))).toEqual([
      "missed",
      "reached",
      "aim",
    ]);
  });

  it("has a case for every figure of the targets", () => {
    const everything = {
      [PROCESSED]: 1,
      "submit/s, batches of 1,000": 1,
      "submit/s, 64 callers": 1,
      "submit to start p50 ms": 1,
      "submit to start p99 ms": 1,
      "CPU microseconds a job, worker": 1,
      "CPU microseconds a job, PostgreSQL": 1,
      "WAL bytes a job, claim and settle": 1,
      "worker RSS MiB": 1,
      "fresh embedded createLockstep ms": 1,
    };
    const all = Object.fromEntries(Object.keys(CASES).map((name) => [name, everything]));
    expect(linesOf(all, 1)).toHaveLength(18);
  });

  it("takes cases by name or by contender, and refuses a name that it does not know", () => {
    expect(chosenCases("bullmq").map(([name]) => name)).toEqual(["bullmq@100", "bullmq@400"]);
    expect(chosenCases("lockstep@400,pg-boss").map(([name]) => name)).toEqual([
      "lockstep@400",
      "pg-boss@2000",
    ]);
    for (const name of Object.keys(CASES)) expect(chosenCases(name).map(([one]) => one)).toEqual([name]);
    expect(() => chosenCases("lockstep@401")).toThrow("lockstep@401");
  });
});
