import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.js";

describe("canonical JSON", () => {
  it("gives equal text for equal values, whatever the order of their members", () => {
    expect(canonicalJson({ b: [1, { d: 1, c: null }], a: "é" })).toEqual(
      canonicalJson({ a: "é", b: [1, { c: null, d: 1 }] }),
    );
  });

  it("writes what JSON.parse reads back unchanged for every JSON value it accepts", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const canonical = canonicalJson(value);
        if (canonical.ok) expect(JSON.parse(canonical.text)).toEqual(JSON.parse(JSON.stringify(value)));
        else expect(canonical.issue.message).toMatch(/NUL|surrogate/);
      }),
    );
  });

  it("never lets a NUL or a lone surrogate through", () => {
    const text = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
      .map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(text, (value) => {
        expect(canonicalJson([value]).ok).toBe(value.isWellFormed() && !value.includes("\0"));
      }),
    );
  });

  it.each([
    ["undefined in an array", [undefined], "/0"],
    ["a function", { f: () => 1 }, "/f"],
    ["a big integer", { a: { b: 1n } }, "/a/b"],
    ["infinity under a name with / and ~", { "a/b~c": Number.POSITIVE_INFINITY }, "/a~1b~0c"],
    ["a symbol", [Symbol("s")], "/0"],
  ])("refuses %s with a pointer to it", (_what, value, pointer) => {
    expect(canonicalJson(value)).toMatchObject({ ok: false, issue: { pointer } });
  });

  it("treats dates and undefined members as JSON does", () => {
    const at = new Date(0);
    expect(canonicalJson({ at, gone: undefined })).toMatchObject({
      ok: true,
      text: '{"at":"1970-01-01T00:00:00.000Z"}',
    });
    expect(canonicalJson(undefined)).toMatchObject({ ok: true, text: "null" });
  });

  it("counts bytes, not characters", () => {
    expect(canonicalJson("é".repeat(10), 21)).toMatchObject({ ok: false });
    expect(canonicalJson("é".repeat(10), 22)).toMatchObject({ ok: true, bytes: 22 });
  });

  it("allows the same object twice, but not inside itself", () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared]).ok).toBe(true);
  });
});
