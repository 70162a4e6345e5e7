import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineJob } from "./definition.js";
import { isId, newId } from "./id.js";
import { isTerminal, STATUSES } from "./status.js";
import { TRANSITIONS } from "./transition-table.js";

const run = () => null;

describe("a job's definition", () => {
  it("has the default queue, three attempts and no time limit by default", () => {
    expect(defineJob({ kind: "scan", input: z.object({}), run })).toMatchObject({
      queue: "default",
      timeoutMs: null,
      retry: { maxAttempts: 3 },
    });
  });

  it.each(["", "Scan", "a b", "../x", "-x", "x".repeat(101)])("refuses the kind %j", (kind) => {
    expect(() => defineJob({ kind, input: z.object({}), run })).toThrow(RangeError);
  });

  it("refuses a definition without an input schema or without a function", () => {
    const input = z.object({});
    for (const options of [{ run }, { input: {}, run }, { input }])
      expect(() => defineJob({ kind: "scan", ...options } as never)).toThrow(TypeError);
  });

  it.each([
    { priority: 1.5 },
    { priority: 32_768 },
    { limitKey: "" },
    { limitKey: "a\nb" },
    { timeout: "25d" },
  ])("refuses %j", (options) => {
    expect(() => defineJob({ kind: "scan", input: z.object({}), run, ...options })).toThrow(RangeError);
  });

  it.each([0, 1.5, 1_001, Number.NaN])("refuses %d attempts", (maxAttempts) => {
    const options = { kind: "scan", input: z.object({}), run, retry: { maxAttempts } };
    expect(() => defineJob(options)).toThrow("maxAttempts must be a whole number from 1 to 1000");
  });
});

describe("the transition table", () => {
  it("allows only an operator's requeue to change a terminal status", () => {
    const leaving = TRANSITIONS.filter(({ from }) => from !== null && isTerminal(from));
    expect(leaving.map(({ to, reason, by }) => [to, reason, by])).toEqual(
      Array(3).fill(["pending", "requeued", "operator"]),
    );
  });

  it("reaches every status from pending", () => {
    const reached = new Set<string>(["pending"]);
    for (let round = 0; round < STATUSES.length; round++) {
      for (const { from, to } of TRANSITIONS) if (from !== null && reached.has(from)) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...STATUSES].sort());
  });
});

describe("ids", () => {
  it("sort by creation time, and any other text is not an id", () => {
    const ids = Array.from({ length: 1_000 }, newId);
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every(isId)).toBe(true);
    expect(["", "1", `${ids[0]}'`, "00000000-0000-0000-0000-00000000000g"].some(isId)).toBe(false);
  });
});
