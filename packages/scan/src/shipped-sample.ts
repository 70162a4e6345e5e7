import { fileURLToPath } from "node:url";

/**
 * The folder of a small web application with planted faults, for trying a scan out. None of its code is run, and
 * none of its secrets is one.
 */
export function sampleDir(): string {
  return fileURLToPath(new URL("./sample", import.meta.url));
}
