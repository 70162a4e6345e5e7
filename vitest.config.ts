import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vitest/config";

const SOURCE = resolve("src");
const COMPILED = resolve("dist");

/** What tests outside src/ import from it is what is installed, loaded by Node.js itself (see test/running/compile.ts). */
const compiled: Plugin = {
  name: "compiled",
  enforce: "pre",
  resolveId(name, importer) {
    if (importer === undefined || importer.startsWith(SOURCE) || !/^\..*\.js$/.test(name)) return null;
    const path = resolve(importer, "..", name);
    return path.startsWith(SOURCE) ? { id: path.replace(SOURCE, COMPILED), external: true } : null;
  },
};

export default defineConfig({
  plugins: [compiled],
  test: {
    include: ["src/**/*.test.ts", "web/src/**/*.test.ts", "test/**/*.test.ts", "chaos/**/*.test.ts"],
    exclude: ["**/sample/**", "test/browser/**", "node_modules/**", "dist/**"],
    globalSetup: ["test/servers/global-setup.ts", "test/running/compile.ts"],
    setupFiles: ["test/running/own-modules.ts"],
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    isolate: false,
    maxWorkers: 2,
  },
});
