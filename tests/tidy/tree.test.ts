import { describe, expect, it } from "vitest";
import { FORBIDDEN_FOLDERS, RULES } from "./rules.js";
import { foldersOf, readTree } from "./tree.js";

const tree = readTree();

describe.each(RULES)("the tree has $name", (rule) => {
  it(`because ${rule.because}`, () => {
    const issues = tree
      .filter((file) => rule.applies(file.path))
      .flatMap((file) => rule.issues(file.text).map((issue) => `${file.path}: ${issue}`));
    expect(issues).toEqual([]);
  });

  it("a file that breaks the rule is reported", () => {
    expect(rule.applies(rule.broken.path)).toBe(true);
    expect(rule.issues(rule.broken.text)).not.toEqual([]);
  });
});

it("the tree is complete: code, SQL, documents and scripts are in it", () => {
  for (const path of [
    "packages/lockstep/src/errors.ts",
    "packages/lockstep/src/ledger/sql/turn.sql",
    "README.md",
    "docs/errors.md",
    ".ci/run",
  ]) {
    expect(tree.map((file) => file.path)).toContain(path);
  }
});

it("folders are named after features, never after kinds of files", () => {
  expect([...foldersOf(tree)].filter((folder) => FORBIDDEN_FOLDERS.includes(folder))).toEqual([]);
});
