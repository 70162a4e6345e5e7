import { existsSync, writeFileSync } from "node:fs";
import { findOrInstall } from "../../test/servers/install.js";

const LIBRARIES = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map(
  (machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`,
);

/** The environment of a process whose clock can be moved by writing to a file. Its monotonic clock stays true. */
export function clockEnvironment(clockFile: string): {
  readonly environment: Readonly<Record<string, string>>;
  readonly clockFile: string;
} {
  const library = findOrInstall("libfaketime", () => LIBRARIES.find((path) => existsSync(path)) ?? null);
  writeFileSync(clockFile, "+0\n");
  return {
    clockFile,
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clockFile,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      FAKETIME_CACHE_DURATION: "1",
      FAKETIME_DONT_RESET: "1",
    },
  };
}
