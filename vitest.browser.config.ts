import { defineConfig } from "vitest/config";

// The page in a real browser, against a real server. One file at a time: each drives a browser and a database.
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    globalSetup: ["test/servers/global-setup.ts", "test/browser/build-page.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    fileParallelism: false,
  },
});
