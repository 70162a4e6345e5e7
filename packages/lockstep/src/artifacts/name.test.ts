import { describe, expect, it } from "vitest";
import { isFileId, isPlainName } from "./name.js";

describe("a plain file name", () => {
  it.each(["report.sarif", "a", "Bericht für Zoë.pdf", "x".repeat(200), "a..b"])("accepts %j", (name) => {
    expect(isPlainName(name)).toBe(true);
  });

  it.each([
    ["nothing", ""],
    ["a leading dot", ".env"],
    ["the folder itself", "."],
    ["the parent", ".."],
    ["a slash", "a/b"],
    ["a backslash", "a\\b"],
    ["a drive", "c:x"],
    ["a control character", "a\nb"],
    ["NUL", "a\u0000"],
    ["a bidirectional override", "a\u202egpj.exe"],
    ["a lone surrogate", "a\ud800"],
    ["a trailing dot", "a."],
    ["spaces around", " a"],
    ["a wildcard", "*"],
    ["201 characters", "x".repeat(201)],
    ["more than 200 bytes", "ü".repeat(101)],
  ])("rejects %s", (_what, name) => {
    expect(isPlainName(name)).toBe(false);
  });
});

it("a file id is 64 lower-case hexadecimal digits and nothing else", () => {
  expect(isFileId("0a".repeat(32))).toBe(true);
  expect(isFileId("0A".repeat(32))).toBe(false);
  expect(isFileId(`${"0a".repeat(32)}\n`)).toBe(false);
  expect(isFileId("../../etc/passwd")).toBe(false);
});
