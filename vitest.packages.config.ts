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
    // Two at a time, on the two processors of CI. What is measured is the CPU time of a process and
    // its memory, compared with another process.
    maxWorkers: 2,
  },
});
