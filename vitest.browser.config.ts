import { defineConfig } from "vitest/config";
import { DEADLINE_MS, TEST_DEADLINE_MS } from "./tests/runner/deadline.js";
import { installed } from "./tests/runner/installed.js";
import { LongestFirst } from "./tests/runner/longest-first.js";

// The page in a real browser, against a real server. Two files at a time, each with its own browser and database: they wait more than they work.
export default defineConfig({
  plugins: [installed],
  test: {
    include: ["tests/browser/**/*.test.ts"],
    globalSetup: ["tests/servers/global-setup.ts", "tests/runner/compile.ts", "tests/browser/build-page.ts"],
    setupFiles: ["tests/runner/own-modules.ts"],
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: TEST_DEADLINE_MS,
    hookTimeout: TEST_DEADLINE_MS,
    expect: { poll: { timeout: DEADLINE_MS } },
    pool: "forks",
    isolate: false,
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
  },
});
