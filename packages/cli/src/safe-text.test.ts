import { describe, expect, it } from "vitest";
import { safeJson, safeLine, safeLines } from "./safe-text.js";

const ESC = "\u001b";

describe("text from a job, printed to a terminal", () => {
  it.each([
    ["a colour", `${ESC}[31mred${ESC}[0m`, "red"],
    ["a window title", `${ESC}]0;owned\u0007name`, "name"],
    ["a link", `${ESC}]8;;http://evil.example${ESC}\\click${ESC}]8;;${ESC}\\`, "click"],
    ["an eight-bit escape", "a\u009b31mb", "ab"],
    ["a lone escape", `a${ESC}`, "a"],
    ["a carriage return that would hide the line", "evil\rgood", "evil good"],
    ["a backspace", "a\bb", "ab"],
    ["an order override", "a\u202egpj.exe", "agpj.exe"],
  ])("%s is removed", (_name, text, shown) => {
    expect(safeLine(text)).toBe(shown);
  });

  it("a single line stays a single line", () => {
    expect(safeLine("a\nb\tc")).toBe("a b c");
    expect(safeLines(`a\r\nb\t${ESC}[1mc`)).toBe("a\nb  c");
  });

  it("keeps letters of every script", () => {
    expect(safeLine("größe 寸法 🧪 עברית")).toBe("größe 寸法 🧪 עברית");
  });
});

describe("JSON, printed to a terminal", () => {
  it("keeps its meaning and contains no control character", () => {
    const value = { text: `${ESC}[31m \u009b31m \u007f \u202e \u2028`, list: [1, "ü"] };
    const text = safeJson(value, 2);
    expect(JSON.parse(text)).toEqual(value);
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e|\u2028/u);
  });
});
