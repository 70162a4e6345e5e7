import { relative, resolve } from "node:path";
import type { Plugin } from "vitest/config";
import { compiledPath } from "./compiled-path.js";

const SOURCE = /^packages\/[^/]+\/src\//;

/** What tests outside src/ import from it is what is installed, loaded by Node.js itself: see `compile`. */
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
