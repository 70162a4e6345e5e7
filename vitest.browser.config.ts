import { defineConfig } from "vitest/config";
import { installed } from "./tests/running/installed.js";
import { LongestFirst } from "./tests/running/longest-first.js";

// The page in a real browser, against a real server. Two files at a time, each with its own browser and database: they wait more than they work.
export default defineConfig({
  plugins: [installed],
  test: {
    include: ["tests/browser/**/*.test.ts"],
    globalSetup: ["tests/servers/global-setup.ts", "tests/running/compile.ts", "tests/browser/build-page.ts"],
    setupFiles: ["tests/running/own-modules.ts"],
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    isolate: false,
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
  },
});
