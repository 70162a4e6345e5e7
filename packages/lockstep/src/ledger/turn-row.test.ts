import { expect, it } from "vitest";
import { sortRows, type TurnRow } from "./turn-row.js";

it("a row of another form is refused, instead of being taken for something else", () => {
  const asObject = { op: null, id: "a" } as unknown as TurnRow;
  expect(() => sortRows([asObject])).toThrow("not the array");
  expect(() => sortRows([[null, "a"] as unknown as TurnRow])).toThrow("not the array");
  expect(sortRows([])).toEqual({ granted: [], changed: [], settled: null, limited: false });
});
