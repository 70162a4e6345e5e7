import { defineConfig } from "vitest/config";
import { DEADLINE_MS, TEST_DEADLINE_MS } from "./tests/runner/deadline.js";
import { fromSource, installed } from "./tests/runner/installed.js";

import { LongestFirst } from "./tests/runner/longest-first.js";

export default defineConfig({
  plugins: [process.argv.includes("watch") ? fromSource : installed],
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "tests/**/*.test.ts",
      "chaos/**/*.test.ts",
    ],
    exclude: ["**/sample/**", "tests/browser/**", "tests/packages/**", "**/node_modules/**", "**/dist/**"],
    globalSetup: ["tests/servers/global-setup.ts", "tests/runner/compile.ts"],
    setupFiles: ["tests/runner/own-modules.ts"],
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: TEST_DEADLINE_MS,
    hookTimeout: TEST_DEADLINE_MS,
    expect: { poll: { timeout: DEADLINE_MS } },
    pool: "forks",
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // One more than the two processors it runs on in CI: a file waits an eighth of its time.
    maxWorkers: 3,
  },
});
