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

  it.each([
    ["a hole", Object.assign(new Array(3), { 0: 1, 2: 3 }), "/1", "is a hole in a sparse array"],
    ["a huge sparse array", { a: new Array(4_294_967_295) }, "/a/0", "is a hole in a sparse array"],
    ["a Map", { seen: new Map([["a", 1]]) }, "/seen", "is a Map, which JSON cannot hold"],
    ["a Set", [new Set([1])], "/0", "is a Set, which JSON cannot hold"],
    ["a Map behind a proxy", new Proxy(new Map(), {}), "", "is a Map without members that JSON can hold"],
    ["typed arrays", { bytes: new Uint8Array(2) }, "/bytes", "is an Uint8Array, which JSON cannot hold"],
    ["an ArrayBuffer", new ArrayBuffer(2), "", "is an ArrayBuffer, which JSON cannot hold"],
    ["an Error", { error: new TypeError("x") }, "/error", "is an Error, which JSON cannot hold"],
    [
      "a promise",
      { later: Promise.resolve(1) },
      "/later",
      "is a Promise that was not awaited, which JSON cannot hold",
    ],
    ["a regular expression", [/a/], "/0", "is a regular expression, which JSON cannot hold"],
    ["an invalid Date", { at: new Date(Number.NaN) }, "/at", "is an invalid Date"],
    [
      "an object with private state",
      [new Counter()],
      "/0",
      "is a Counter without members that JSON can hold",
    ],
    [
      "toJSON that returns nothing",
      { a: { toJSON: () => undefined } },
      "/a",
      "has a toJSON that returns undefined",
    ],
    ["toJSON that throws", [{ toJSON: thrower("no") }], "/0", "cannot be read: Error: no"],
    [
      "a getter that throws",
      { a: Object.defineProperty({}, "b", { enumerable: true, get: thrower("no") }) },
      "/a/b",
      "cannot be read: Error: no",
    ],
    [
      "a getter that throws what cannot be shown",
      hostileGetter(),
      "/b",
      "cannot be read: a value that cannot be shown",
    ],
    ["a boxed big integer", [Object(1n)], "/0", "is a bigint, which JSON cannot hold"],
    ["a cycle through toJSON", cycleThroughToJson(), "/self", "refers to itself"],
  ])("refuses %s in plain words, with a pointer to it", (_what, value, pointer, message) => {
    expect(canonicalJson(value)).toEqual({ ok: false, issue: { pointer, message } });
  });

  it("refuses a revoked proxy", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const refused = canonicalJson({ a: [proxy] });
    expect(refused).toMatchObject({ ok: false, issue: { pointer: "/a/0" } });
    expect(refused.ok ? "" : refused.issue.message).toMatch(/^cannot be read: TypeError: .*revoked/);
  });

  it.each([
    ["boxed primitives", [Object(5), Object("text"), Object(false)], '[5,"text",false]'],
    [
      "a null prototype with toJSON",
      Object.assign(Object.create(null), { toJSON: () => ({ a: 1 }) }),
      '{"a":1}',
    ],
    ["a toJSON that returns its own object", selfJson(), '{"a":1}'],
    ["toJSON once only", { toJSON: () => ({ b: 1, toJSON: undefined }) }, '{"b":1}'],
    ["the key that toJSON is called with", { k: { toJSON: (key: string) => key } }, '{"k":"k"}'],
    ["members of a class instance", new Point(1, 2), '{"x":1,"y":2}'],
    ["an object behind a proxy", new Proxy({ a: [1] }, {}), '{"a":[1]}'],
    ["-0 as 0, which is equal to it", [-0], "[0]"],
    ["no members with symbols as keys", { [Symbol("s")]: 1, a: 2 }, '{"a":2}'],
    ["a subclass of Array", List.from([1, 2]), "[1,2]"],
  ])("writes %s", (_what, value, text) => {
    expect(canonicalJson(value)).toMatchObject({ ok: true, text });
  });

  it("reads a getter once", () => {
    let reads = 0;
    const value = Object.defineProperty({}, "a", {
      enumerable: true,
      get: () => (reads++ === 0 ? 1 : undefined),
    });
    expect(canonicalJson(value)).toMatchObject({ ok: true, text: '{"a":1}' });
  });

  it("ends at the limit with an object that is shared on every level", () => {
    let shared: unknown = [];
    for (let depth = 0; depth < 90; depth += 1) shared = [shared, shared];
    expect(canonicalJson(shared)).toMatchObject({ ok: false, issue: { pointer: "" } });
  });

  it("never throws, and gives JSON of what it accepts unchanged", () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        const canonical = canonicalJson(value);
        if (!canonical.ok) return;
        expect(JSON.parse(canonical.text)).toEqual(JSON.parse(JSON.stringify(value) ?? "null"));
      }),
    );
  });
});

class Counter {
  #count = 1;
  get count() {
    return this.#count;
  }
}

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}

class List extends Array<number> {}

function thrower(message: string) {
  return (): never => {
    throw new Error(message);
  };
}

function hostileGetter(): object {
  const hostile = new Proxy(new Error("x"), {
    get: thrower("trap"),
    getPrototypeOf: thrower("trap"),
    ownKeys: thrower("trap"),
  });
  const unreadable = { [Symbol.for("nodejs.util.inspect.custom")]: thrower("no text"), hostile };
  return Object.defineProperty({}, "b", {
    enumerable: true,
    get() {
      throw unreadable;
    },
  });
}

function cycleThroughToJson(): object {
  const inner: Record<string, unknown> = { toJSON: () => inner };
  inner.self = inner;
  inner.toJSON = () => ({ self: inner });
  return inner;
}

function selfJson(): object {
  const value = { a: 1 };
  return Object.defineProperty(value, "toJSON", { value: () => value });
}
