import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { CODE_MUTANTS } from "./code-mutants.js";

it("there are at least 25 mutants of the code with different names", () => {
  expect(CODE_MUTANTS.length).toBeGreaterThanOrEqual(25);
  expect(new Set(CODE_MUTANTS.map(({ name }) => name)).size).toBe(CODE_MUTANTS.length);
});

it.each(CODE_MUTANTS)("$name: the code it removes is in $file exactly once", ({ file, from, to }) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  expect(text.split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
});
