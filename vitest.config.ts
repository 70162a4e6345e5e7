import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "web/src/**/*.test.ts", "test/**/*.test.ts", "chaos/**/*.test.ts"],
    exclude: ["**/sample/**", "test/browser/**", "node_modules/**", "dist/**"],
    globalSetup: ["test/servers/global-setup.ts", "test/cli/compile-source.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
