import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder that holds the tarballs of all packages. */
    tarballs: string;
  }
}

/** Builds the packages and packs each published one. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-tarballs-"));
  execFileSync("npm", ["run", "build"], { stdio: "pipe" });
  execFileSync("npm", ["pack", "--workspaces", "--pack-destination", folder], { stdio: "pipe" });
  project.provide("tarballs", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
