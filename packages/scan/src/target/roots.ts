import { realpathSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Checked } from "./git-url.js";

export const PATH_MAX = 4_096;

/**
 * Resolves a path to a folder that lies in one of the roots, both as written and after following
 * every symbolic link. It is synchronous so that an input schema can use it.
 * @param roots a relative path is resolved in the first one
 * @returns the folder's real path
 */
export function folderInRoots(path: string, roots: readonly string[]): Checked<string> {
  const outside = { ok: false, issue: "is outside the folders that may be scanned" } as const;
  if (path.length > PATH_MAX || /\p{Cc}/u.test(path)) return { ok: false, issue: "is not a path" };
  const written = resolve(roots[0] ?? sep, path);
  // Before the disk is read: a caller must not learn what exists outside the roots.
  const allowed = roots.flatMap((root) => [resolve(root), realPath(root) ?? []].flat());
  if (!allowed.some((root) => isInside(written, root))) return outside;
  const real = realPath(written);
  if (real === null) return { ok: false, issue: "does not exist" };
  if (!roots.some((root) => isInside(real, realPath(root) ?? resolve(root)))) return outside;
  if (!statSync(real, { throwIfNoEntry: false })?.isDirectory())
    return { ok: false, issue: "is not a folder" };
  return { ok: true, value: real };
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null; // Absent or not readable: an expected result.
  }
}
