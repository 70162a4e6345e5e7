import { expect, it } from "vitest";
import { type Schema, toDraft, toInput } from "./schema.js";

const schema: Schema = {
  type: "object",
  properties: {
    path: { type: "string" },
    count: { type: "integer" },
    deep: { type: "boolean" },
    include: { type: "array", items: { type: "string" } },
    scanners: { type: "array", items: { type: "string", enum: ["a", "b"] } },
    box: { type: "object", properties: { margin: { type: "number" } } },
    free: {},
  },
};

it("what was left empty is left out, so that the kind's own defaults count", () => {
  expect(toInput(schema, { "/path": "", "/include": " \n", "/scanners": [] })).toEqual({});
});

it("a form and the input it stands for turn into each other", () => {
  const input = {
    path: ".",
    count: 0,
    deep: false,
    include: ["src/**", "*.ts"],
    scanners: ["a"],
    box: { margin: 2.5 },
    free: { any: [1, null] },
  };
  expect(toInput(schema, toDraft(schema, input))).toEqual(input);
});

it("hands on what is no number and no JSON, for the server to say what is wrong", () => {
  expect(toInput(schema, { "/count": "many", "/free": "{" })).toEqual({ count: "many", free: "{" });
});
