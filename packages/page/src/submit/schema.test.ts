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

it("empty fields are left out, so that the kind's own defaults apply", () => {
  expect(toInput(schema, { "/path": "", "/include": " \n", "/scanners": [] })).toEqual({});
});

it("a form and its input convert into each other", () => {
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

it.each([[{ any: [1, null] }], ["text"], [[]], [7]])(
  "an input without known members is one JSON text: %j",
  (input) => {
    expect(toInput({}, toDraft({}, input))).toEqual(input);
    expect(toInput({}, {})).toEqual({});
  },
);

it("passes on invalid numbers and JSON, so that the server reports them", () => {
  expect(toInput(schema, { "/count": "many", "/free": "{" })).toEqual({ count: "many", free: "{" });
});
