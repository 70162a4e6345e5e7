import { resolve } from "node:path";
import type { Plugin } from "vitest/config";

const SOURCE = resolve("src");
const INSTALLED = resolve("dist");

/** What tests outside src/ import from it is what is installed, loaded by Node.js itself: see `compile`. */
export const installed: Plugin = {
  name: "installed",
  enforce: "pre",
  resolveId(name, importer) {
    if (importer === undefined || importer.startsWith(SOURCE) || !/^\..*\.js$/.test(name)) return null;
    const path = resolve(importer, "..", name);
    return path.startsWith(SOURCE) ? { id: path.replace(SOURCE, INSTALLED), external: true } : null;
  },
};
