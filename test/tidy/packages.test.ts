import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Lock {
  readonly packages: Record<
    string,
    { readonly resolved?: string; readonly integrity?: string; readonly inBundle?: true }
  >;
}

it("every package is pinned by a checksum and names no other source than the public registry", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
  const entries = Object.entries(packages).filter(([path]) => path !== "");
  expect(entries.length).toBeGreaterThan(100);
  // Without an address, npm asks the registry it is configured with.
  const isKnown = (address: string | undefined) =>
    address === undefined || address.startsWith("https://registry.npmjs.org/");
  const odd = entries.filter(([, entry]) => !isKnown(entry.resolved) || !(entry.integrity || entry.inBundle));
  expect(odd.map(([path]) => path)).toEqual([]);
});
