import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";

interface Entry {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly inBundle?: true;
  readonly link?: true;
  /** Set on a package that contains a program for certain systems only. */
  readonly os?: readonly string[];
  readonly optional?: true;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, Entry> };
// Folders of this project, and links to them, do not come from a registry.
const entries = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes("node_modules/") && !link,
);

describe("package-lock.json", () => {
  it("names no other source than the public registry", () => {
    // Without an address, npm asks the configured registry.
    const isKnown = ({ resolved }: Entry) =>
      resolved === undefined || resolved.startsWith("https://registry.npmjs.org/");
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.filter(([, entry]) => !isKnown(entry)).map(([path]) => path)).toEqual([]);
  });

  it("pins every package that runs here by a checksum", () => {
    const isElsewhere = ({ os, optional }: Entry) => optional && os && !os.includes("linux");
    const isForMusl = (path: string) => /-musl|-musleabihf|linux-(arm|ppc64|riscv64|s390x)\b/.test(path);
    const open = entries.filter(
      ([path, entry]) => !entry.integrity && !entry.inBundle && !isElsewhere(entry) && !isForMusl(path),
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });

  it("has an entry for the packages of every platform, which `npm ci` requires (npm run lock)", () => {
    const missing = entries.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(name, path)),
    );
    expect(missing).toEqual([]);
  });
});

/** Whether a package required in a folder is locked there or in a folder above it. */
function isLocked(name: string, from: string): boolean {
  for (let folder = from; folder !== "."; folder = dirname(folder)) {
    if (`${folder}/node_modules/${name}` in lock.packages) return true;
  }
  return `node_modules/${name}` in lock.packages;
}
