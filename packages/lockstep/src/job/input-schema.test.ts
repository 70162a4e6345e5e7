import { describe, expect, it } from "vitest";
import { z } from "zod";
import { inputSchema } from "./input-schema.js";

const propertiesOf = (shape: z.ZodRawShape) => inputSchema(z.object(shape)) as Record<string, unknown>;

describe("the JSON Schema of an input", () => {
  it("says what zod checks", () => {
    const text = z.string().min(2).regex(/^a/);
    expect(propertiesOf({ text, count: z.int().max(3).optional() })).toMatchObject({
      type: "object",
      required: ["text"],
      properties: { text: { type: "string", minLength: 2, pattern: "^a" }, count: { maximum: 3 } },
    });
  });

  it.each([
    ["a pattern with flags", z.string().min(1).regex(/^a$/i), { type: "string", minLength: 1 }],
    ["several patterns, one with flags", z.string().regex(/a/).regex(/b/i), { type: "string" }],
    ["a value that is trimmed first", z.string().trim().max(3), { type: "string" }],
    ["a coerced value", z.coerce.number().max(3), {}],
    ["a value that is prepared first", z.preprocess(Number, z.number().max(3)), {}],
    ["a value that is replaced when it is wrong", z.number().catch(1).describe("n"), { description: "n" }],
    ["a value without a JSON form", z.date(), {}],
    ["numbers as keys", z.record(z.coerce.number(), z.null()), { type: "object" }],
  ])("is not stricter than the definition: %s", (_, schema, expected) => {
    const whole = propertiesOf({ value: schema });
    const { value } = whole.properties as { value: Record<string, unknown> };
    expect(value).toMatchObject(expected);
    expect(value).not.toHaveProperty("pattern");
    expect(value).not.toHaveProperty("allOf");
    expect(value).not.toHaveProperty("maxLength");
    expect(value).not.toHaveProperty("maximum");
    expect(value).not.toHaveProperty("propertyNames.type", "number");
  });

  it("lets a member be missing that may be anything", () => {
    expect(propertiesOf({ any: z.unknown(), n: z.number() }).required).toEqual(["n"]);
    expect(propertiesOf({ any: z.unknown() })).not.toHaveProperty("required");
  });

  it("is missing for what it cannot describe", () => {
    expect(inputSchema({ safeParseAsync: () => undefined } as never)).toBeNull();
    expect(inputSchema(z.string().meta({ title: "\u0000" }))).toBeNull();
    expect(inputSchema(z.enum(Array.from({ length: 30_000 }, (_, n) => `member ${n}`)))).toBeNull();
  });
});
