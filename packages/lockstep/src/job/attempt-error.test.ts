import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LockstepError } from "../errors.js";
import { attemptError, storableText } from "./attempt-error.js";
import { canonicalJson } from "./canonical-json.js";

describe("the record of a thrown value", () => {
  it("has an error's name, message, code, stack and causes", () => {
    const error = new LockstepError("LEASE_LOST", "gone", { cause: new Error("underneath") });
    const kept = attemptError(error);
    expect(kept).toMatchObject({ name: "LockstepError", message: "gone", code: "LEASE_LOST" });
    expect(kept.stack).toMatch(/gone[\s\S]*caused by: Error: underneath/);
    expect(attemptError(Object.assign(new Error("exit"), { code: 137 })).code).toBe("137");
  });

  it("describes a thrown value that is not an error", () => {
    expect(attemptError("just text")).toMatchObject({ name: "NonError", message: "just text" });
    expect(attemptError(undefined).message).toBe("undefined");
    expect(attemptError({ exit: 137 }).message).toBe("{ exit: 137 }");
  });

  it("has a bounded size", () => {
    const kept = attemptError(new Error("ü".repeat(100_000)));
    expect(Buffer.byteLength(kept.message)).toBe(8_192);
    expect(Buffer.byteLength(kept.stack!)).toBeLessThanOrEqual(16_384);
  });

  it.each(["name", "message", "stack", "cause", "code", "errors"])(
    "has the parts that can be read of an error whose %s throws",
    (part) => {
      const error = Object.defineProperty(Object.assign(new TypeError("known"), { code: "E1" }), part, {
        get: thrower,
      });
      const kept = attemptError(error);
      expect(kept).toMatchObject({
        name: part === "name" ? "UnreadableError" : "TypeError",
        message: part === "message" ? "The message of the thrown error could not be read." : "known",
        code: part === "code" ? null : "E1",
      });
    },
  );

  it("describes a value that cannot be read at all", () => {
    const traps = { get: thrower, getPrototypeOf: thrower, has: thrower, ownKeys: thrower };
    for (const thrown of [
      new Proxy(new Error("x"), traps),
      Object.assign(Object.create(null), { [Symbol.toPrimitive]: thrower }),
    ])
      expect(attemptError(thrown)).toMatchObject({ name: expect.any(String), message: expect.any(String) });
    const mute = { [Symbol.for("nodejs.util.inspect.custom")]: thrower };
    expect(attemptError(mute)).toMatchObject({ name: "UnreadableError", stack: null });
  });

  it("has the errors of an AggregateError, and ends in a cycle of causes", () => {
    const first = new Error("first reason");
    const error = new AggregateError([first, "second reason"], "all failed");
    first.cause = error;
    error.cause = first;
    expect(attemptError(error).stack).toMatch(
      /all failed[\s\S]*with: Error: first reason[\s\S]*with: second reason[\s\S]*caused by/,
    );
  });

  it("can always be stored", () => {
    fc.assert(
      fc.property(fc.anything(), fc.string({ unit: "binary" }), (value, text) => {
        for (const thrown of [value, Object.assign(new Error(text), { code: text, name: text })]) {
          expect(canonicalJson(attemptError(thrown)).ok).toBe(true);
        }
      }),
    );
  });
});

describe("storable text", () => {
  it("contains neither NUL nor lone surrogates and is cut between two characters", () => {
    expect(storableText("a\0b\ud800c", 100)).toBe("a\uFFFDb\uFFFDc");
    expect(storableText("aé€😀", 5)).toBe("aé");
    expect(storableText("aé€😀", 6)).toBe("aé€");
    expect(storableText("aé€😀", 10)).toBe("aé€😀");
  });

  it("is unchanged if it fits and can be stored", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(!text.includes("\0"));
        expect(storableText(text, 10_000)).toBe(text);
      }),
    );
  });
});

function thrower(): never {
  throw new Error("no");
}
