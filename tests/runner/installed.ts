import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Plugin } from "vitest/config";
import { compiledPath } from "./compiled-path.js";

const SOURCE = /^packages\/[^/]+\/src\//;
const OURS = /^(?:@lockstep\/)?([a-z]+)(?:\/internal\/(.+))?$/;

/**
 * Code that tests outside src/ import from src/ is the installed code, loaded by Node.js directly:
 * see `compile`.
 */
export const installed: Plugin = {
  name: "installed",
  enforce: "pre",
  resolveId(name, importer) {
    if (importer === undefined || !/^\..*\.js$/.test(name)) return null;
    if (SOURCE.test(relative(".", importer))) return null;
    const path = relative(".", resolve(importer, "..", name));
    return SOURCE.test(path) ? { id: resolve(compiledPath(path)), external: true } : null;
  },
};

/**
 * In watch mode everything is loaded from its source, so that a change runs the tests that depend
 * on it.
 */
export const fromSource: Plugin = {
  name: "from-source",
  enforce: "pre",
  resolveId(name) {
    if (!/^(lockstep(\/|$)|@lockstep\/)/.test(name)) return null;
    const [, folder, inner = "index"] = OURS.exec(name) ?? [];
    const path = resolve("packages", folder ?? "", "src", inner);
    return existsSync(`${path}.ts`) ? `${path}.ts` : resolve(path, "index.ts");
  },
};
