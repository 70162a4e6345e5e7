import fc from "fast-check";
import { expect, it } from "vitest";
import { scanJson } from "./json-scan.js";

const issues = (text: string) => scanJson(text).issues;

it("finds nothing in ordinary JSON", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!text.includes("__proto__") && !/\d{16}/.test(text));
      expect(issues(text)).toEqual([]);
    }),
  );
});

it("finds a name that appears twice, however it is escaped", () => {
  expect(issues('{"jobs":[{},{"a/b":1,"a\\u002fb":2}]}')).toEqual([
    { pointer: "/jobs/1/a~1b", detail: "appears more than once" },
  ]);
  expect(issues('[{"a":1},{"a":{"a":1}},{"b":"\\"a\\":","a":1}]')).toEqual([]);
});

it("finds __proto__, also when it is escaped", () => {
  expect(issues('{"input":{"__proto__":{"x":1}}}')[0]?.pointer).toBe("/input/__proto__");
  expect(issues('{"\\u005f_proto__":1}')[0]?.pointer).toBe("/__proto__");
  expect(issues('{"a":"__proto__"}')).toEqual([]);
});

it("finds numbers that a double would round or lose", () => {
  const pointers = issues(
    '{"a":[9007199254740991,9007199254740992],"b":-12345678901234567890.5,"c":1e400,"d":1e300}',
  );
  expect(pointers.map((issue) => issue.pointer)).toEqual(["/a/1", "/b", "/c"]);
});

it("finds nesting deeper than allowed, once, and continues after it", () => {
  const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(issues(deep(105))).toEqual([]);
  const found = issues(`{"a":${deep(5_000)},"b":{"c":1,"c":2}}`);
  expect(found.map(({ pointer }) => pointer)).toEqual([`/a${"/0".repeat(104)}`, "/b/c"]);
  expect(issues(`{"a":${"[".repeat(200)}{"x":1,"x":1e999}${"]".repeat(200)}}`)).toHaveLength(1);
});

it("stops at a depth that would take seconds to parse, without recursion", () => {
  const scan = scanJson("[".repeat(5_000_000));
  expect(scan).toMatchObject({ tooDeep: true, issues: [{ detail: "is nested deeper than 100" }] });
  expect(scanJson("[".repeat(9_000)).tooDeep).toBe(false);
});

it("survives text that is not JSON", () => {
  fc.assert(fc.property(fc.string(), (text) => void issues(text)));
  for (const text of ['"', '{"', '{"a', "-", "]]]", '{"\\', "--1", '{"a\\"'])
    expect(() => issues(text)).not.toThrow();
});
