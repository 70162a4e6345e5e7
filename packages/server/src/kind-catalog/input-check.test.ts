import { describe, expect, it } from "vitest";
import { createInputChecks } from "./input-check.js";

function checks() {
  const warnings: string[] = [];
  const logger = { warn: (_facts: object, message: string) => void warnings.push(message) };
  const { issues } = createInputChecks(logger as never);
  const check = (input_schema: Record<string, unknown>, value: unknown, version_hash = "1") =>
    issues(
      { kind: "k", input_schema, version_hash },
      { value, bytes: JSON.stringify(value).length, pointer: "/input" },
    ).map(({ pointer, detail }) => `${pointer} ${detail}`);
  return { check, warnings };
}

const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });

describe("an input is checked against a recorded schema", () => {
  it.each([
    [{ type: "string" }, 1, ["/input must be string"]],
    [object({ to: {} }, { required: ["to"] }), {}, ["/input/to is required"]],
    [object({}, { required: ["toString"] }), {}, ["/input/toString is required"]],
    [object({}, { additionalProperties: false }), { "a/b": 1 }, ["/input/a~1b is not a known field"]],
    [
      object({ n: { type: "integer", minimum: 3 }, t: { minLength: 2 } }),
      { n: 1.5, t: "x" },
      ["/input/n must be integer", "/input/n must be >= 3", "/input/t must not have fewer than 2 characters"],
    ],
    [object({ e: { enum: ["a", 1] } }), { e: 2 }, ['/input/e must be one of "a", 1']],
    [object({ e: { const: "a" } }), { e: 2 }, ['/input/e must be "a"']],
    [object({ e: false }), { e: 2 }, ["/input/e is not allowed"]],
    [
      object({ e: { anyOf: [{ type: "string" }, object({ a: { type: "null" } }, { required: ["a"] })] } }),
      { e: { a: 1 } },
      ["/input/e fits none of the allowed forms: must be string; or a must be null"],
    ],
    [{ multipleOf: 0.1 }, 0.3, []],
    [{ format: "email", pattern: "^[\\w-.]+$" }, "a.b", []],
  ])("%j with %j", (schema, value, expected) => {
    expect(checks().check(schema, value)).toEqual(expected);
  });

  it("reports a schema that cannot be used once, and does not enforce it", () => {
    const { check, warnings } = checks();
    for (const [version, schema] of Object.entries({
      type: { type: "strng" },
      pattern: { pattern: "(" },
      reference: { $ref: "https://example.invalid/schema" },
      dialect: { $schema: "http://json-schema.org/draft-07/schema#" },
      asynchronous: { $async: true, type: "string" },
    })) {
      warnings.length = 0;
      for (const value of [1, 2]) expect(check(schema, value, version)).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining("cannot be used")]);
    }
  });

  it("keeps schemas with the same id apart", () => {
    const { check } = checks();
    expect(check({ $id: "a", type: "string" }, 1, "1")).toHaveLength(1);
    expect(check({ $id: "a", type: "number" }, 1, "2")).toEqual([]);
    const dialect = "https://json-schema.org/draft/2020-12/schema";
    expect(check({ $id: dialect, type: "string" }, 1, "3")).toHaveLength(1);
    expect(check({ $schema: dialect, type: "string" }, 1, "4")).toHaveLength(1);
  });

  it.each([{ pattern: "^(a+)+$" }, { $ref: "#" }, { allOf: [{ $ref: "#" }] }])(
    "ends a check that does not end, says so once, and goes on with other kinds: %j",
    (evil) => {
      const { check, warnings } = checks();
      const value = `${"a".repeat(60)}!`;
      expect(check(evil, value)).toEqual([]);
      expect(check(evil, value)).toEqual([]);
      expect(warnings).toHaveLength(1);
      expect(check({ pattern: "^a$" }, "b", "other")).toEqual(['/input must match pattern "^a$"']);
    },
  );
});
