import { expect, it } from "vitest";
import { copiedId, shownId } from "./shown-id.js";

it.each([
  ["scan-1", "scan-1"],
  ["it's a job", "it's a job"],
  ["", '""'],
  [" a", '" a"'],
  ["two\nlines", '"two\\nlines"'],
  ["\u001b[31mred\u0007", '"\\u001b[31mred\\u0007"'],
  ["\u202eevil", '"\\u202eevil"'],
])("an id is shown so that it cannot be confused with another: %j as %s", (id, shown) => {
  expect(shownId(id)).toBe(shown);
});

it("a long id is truncated, and its length is shown", () => {
  expect(shownId("L".repeat(5_000))).toBe(`${"L".repeat(120)}… (5,000 characters)`);
});

it("the id in a command is one that can be copied", () => {
  expect(copiedId(["", "two\nlines", "L".repeat(500), "scan-1"])).toBe("scan-1");
  expect(copiedId(["\u001b[31m"])).toBe("ID");
});
