import { expect, it } from "vitest";
import { plainText } from "./plain-text.js";

it("removes terminal escape sequences, and keeps the words", () => {
  expect(plainText("\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007\r\nnext\tcell")).toBe(
    "red link\nnext\tcell",
  );
});

it("shows a character that reverses the text direction instead of applying it", () => {
  expect(plainText("exe.\u202egpj")).toBe("exe.\ufffdgpj");
});
