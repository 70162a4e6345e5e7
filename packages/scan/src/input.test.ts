import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scanInput } from "./input.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-input-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function issues(input: unknown): { at: string; message: string }[] {
  const parsed = scanInput({ roots: [root], allowPrivateAddresses: false }).safeParse(input);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => ({ at: `/${issue.path.join("/")}`, message: issue.message }));
}

describe("a scan's input", () => {
  it("accepts one target with its options", () => {
    expect(issues({ path: root, exclude: ["*.snap"], scanners: ["secretlint"] })).toEqual([]);
    expect(issues({ file: "0a".repeat(32) })).toEqual([]);
    expect(issues({ git: "https://github.com/owner/name", ref: "main" })).toEqual([]);
  });

  it.each([
    ["no target", {}, "/", "needs one of"],
    ["no object", "x", "/", "expected object"],
    ["a member nobody knows", { file: "0a".repeat(32), depth: 1 }, "/", "depth"],
    ["an empty path", { path: "" }, "/path", "Too small"],
    ["a path outside the roots", { path: "/etc" }, "/path", "outside"],
    ["a path that climbs out", { path: "../.." }, "/path", "outside"],
    ["a file id that is a path", { file: "../../etc/passwd" }, "/file", "id of a file"],
    ["a git helper", { git: "ext::sh -c x" }, "/git", "https://"],
    ["git credentials", { git: "https://u:p@example.com/x" }, "/git", "credentials"],
    ["a private address", { git: "https://192.168.0.1/x" }, "/git", "private"],
    ["a ref that is an option", { git: "https://example.com/x", ref: "--upload-pack=x" }, "/ref", "branch"],
    ["a ref without git", { file: "0a".repeat(32), ref: "main" }, "/ref", "only for git"],
    [
      "a pattern made to be slow",
      { file: "0a".repeat(32), include: ["*a*a*a*a*a*a*a"] },
      "/include/0",
      "wildcards",
    ],
    ["an unknown scanner", { file: "0a".repeat(32), scanners: ["rm"] }, "/scanners/0", "expected one of"],
  ])("with %s is refused, with a pointer to the invalid member", (_what, input, at, message) => {
    expect(issues(input)).toEqual([{ at, message: expect.stringContaining(message) }]);
  });

  it("with two targets is refused at the second", () => {
    expect(issues({ path: root, git: "https://example.com/x" })).toEqual([
      { at: "/git", message: "cannot be combined with path" },
    ]);
  });
});
