import { fileURLToPath } from "node:url";

/**
 * The folder of a small web application with planted flaws, to try a scan on. None of its code is
 * run, and none of its secrets is real.
 */
export function sampleDir(): string {
  return fileURLToPath(new URL("./sample", import.meta.url));
}
