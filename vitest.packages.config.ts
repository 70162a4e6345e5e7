import { defineConfig } from "vitest/config";

// The packages as a stranger gets them: packed, and installed from the tarballs into empty projects. It needs the npm registry.
export default defineConfig({
  test: {
    include: ["tests/packages/**/*.test.ts"],
    globalSetup: ["tests/servers/global-setup.ts", "tests/packages/pack.ts"],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: "forks",
    isolate: false,
    // One after another: some of them measure.
    fileParallelism: false,
  },
});
