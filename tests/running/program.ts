import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const TESTS = fileURLToPath(new URL("..", import.meta.url));
const COMPILED = new URL("../../dist/test/", import.meta.url);

/** @returns the path of a test's program as `compile` has compiled it, for Node.js to run */
export function programOf(source: URL): string {
  const path = relative(TESTS, fileURLToPath(source));
  return fileURLToPath(new URL(path.replace(/\.ts$/, ".js"), COMPILED));
}
