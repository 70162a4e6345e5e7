import { expect, it } from "vitest";
import { wrapText } from "./wrap-text.js";

it("a text is wrapped at spaces, and a word that is too long stays whole", () => {
  expect(wrapText("one two three", 8)).toEqual(["one two", "three"]);
  expect(wrapText("an 0123456789 id", 5)).toEqual(["an", "0123456789", "id"]);
  expect(wrapText("", 5)).toEqual([""]);
});

it("a text without a width is one line", () => {
  expect(wrapText("one two three", null)).toEqual(["one two three"]);
});
