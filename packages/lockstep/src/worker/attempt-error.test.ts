import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LockstepError } from "../errors.js";
import { canonicalJson } from "../job/index.js";
import { attemptError, storableText } from "./attempt-error.js";

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

  it("can always be read, even when the error itself cannot", () => {
    const hostile = Object.defineProperty(new Error("x"), "message", {
      get() {
        throw new Error("no");
      },
    });
    expect(attemptError(hostile).name).toBe("UnreadableError");
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
