import fc from "fast-check";
import { expect, it } from "vitest";
import { scanJson } from "./json-scan.js";

const faults = (text: string) => scanJson(text).faults;

it("finds nothing in ordinary JSON", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!text.includes("__proto__") && !/\d{16}/.test(text));
      expect(faults(text)).toEqual([]);
    }),
  );
});

it("finds a name that appears twice, however it is spelt", () => {
  expect(faults('{"jobs":[{},{"a/b":1,"a\\u002fb":2}]}')).toEqual([
    { pointer: "/jobs/1/a~1b", detail: "appears more than once" },
  ]);
  expect(faults('[{"a":1},{"a":{"a":1}},{"b":"\\"a\\":","a":1}]')).toEqual([]);
});

it("finds __proto__, also in disguise", () => {
  expect(faults('{"input":{"__proto__":{"x":1}}}')[0]?.pointer).toBe("/input/__proto__");
  expect(faults('{"\\u005f_proto__":1}')[0]?.pointer).toBe("/__proto__");
  expect(faults('{"a":"__proto__"}')).toEqual([]);
});

it("finds numbers that a double would round or lose", () => {
  const pointers = faults(
    '{"a":[9007199254740991,9007199254740992],"b":-12345678901234567890.5,"c":1e400,"d":1e300}',
  );
  expect(pointers.map((fault) => fault.pointer)).toEqual(["/a/1", "/b", "/c"]);
});

it("stops at the depth no input may reach, without recursion and before parsing", () => {
  const scan = scanJson("[".repeat(5_000_000));
  expect(scan.tooDeep).toBe(true);
  expect(scan.faults).toHaveLength(1);
  expect(scanJson("[".repeat(104) + "]".repeat(104)).tooDeep).toBe(false);
});

it("survives text that is no JSON", () => {
  fc.assert(fc.property(fc.string(), (text) => void faults(text)));
  for (const text of ['"', '{"', '{"a', "-", "]]]", '{"\\', "--1", '{"a\\"'])
    expect(() => faults(text)).not.toThrow();
});
