import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { compiledPath } from "./compiled-path.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** @returns the path of a test program as compiled by `compile`, for Node.js to run */
export function programOf(source: URL): string {
  return join(ROOT, compiledPath(relative(ROOT, fileURLToPath(source))));
}
