import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Lock {
  readonly packages: Record<string, { readonly resolved?: string; readonly integrity?: string }>;
}

it("every package comes from the public registry, with a checksum", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
  const entries = Object.entries(packages).filter(([path]) => path !== "");
  expect(entries.length).toBeGreaterThan(100);
  const odd = entries.filter(
    ([, entry]) => !entry.resolved?.startsWith("https://registry.npmjs.org/") || !entry.integrity,
  );
  expect(odd.map(([path]) => path)).toEqual([]);
});
