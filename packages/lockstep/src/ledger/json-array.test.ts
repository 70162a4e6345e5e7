import { expect, it } from "vitest";
import { jsonArray } from "./json-array.js";

it("writes the texts of an array so that quotes and backslashes are kept", () => {
  expect(jsonArray([])).toBe("{}");
  expect(jsonArray(['{"a":"\\n"}', "1"])).toBe('{"{\\"a\\":\\"\\\\n\\"}","1"}');
});

it("refuses a text that would become two elements", () => {
  expect(() => jsonArray(["1", "2\u00013"])).toThrow(RangeError);
});
