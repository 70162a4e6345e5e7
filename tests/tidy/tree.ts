import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One text file of the project; the path is relative to the project's folder, with `/`. */
export interface TreeFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Files made by tools, or deliberate input of the scan: they are not read or written as part of the
 * code.
 */
const LEFT_OUT = new Set(["node_modules", "dist", "coverage", ".git", ".lockstep", "sample"]);
const TEXT = /\.(ts|tsx|mjs|cjs|js|json|sql|lua|md|svg|html|css|yml|yaml|sh)$|^[^.]+$|^\.ci\//;

/** Every text file that a person would read or change. */
export function readTree(root = "."): readonly TreeFile[] {
  return paths(root, "")
    .filter((path) => TEXT.test(path) && path !== "package-lock.json")
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** Every folder, relative to the project's folder. */
export function foldersOf(files: readonly TreeFile[]): ReadonlySet<string> {
  return new Set(files.flatMap(({ path }) => path.split("/").slice(0, -1)));
}

function paths(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (LEFT_OUT.has(entry.name)) return [];
    if (entry.isDirectory()) return paths(root, path);
    return entry.isFile() ? [path] : [];
  });
}
