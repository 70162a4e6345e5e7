import { existsSync, writeFileSync } from "node:fs";
import { findOrInstall } from "./install.js";

const LIBRARIES = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map(
  (machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`,
);

/**
 * The clock of some processes, which can be moved while they run. Their monotonic clock stays true.
 */
export interface MovableClock {
  /** Environment variables that the processes must be started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** @param seconds from the true time; they see it at once */
  shift(seconds: number): void;
}

/** @param file holds how far the clock is moved; the processes must be able to read it */
export function movableClock(file: string): MovableClock {
  const library = findOrInstall("libfaketime", () => LIBRARIES.find((path) => existsSync(path)) ?? null);
  const shift = (seconds: number): void => writeFileSync(file, `${seconds < 0 ? "" : "+"}${seconds}\n`);
  shift(0);
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      // All processes see a step at the same moment, as on a real machine.
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_RESET: "1",
      NO_FAKE_STAT: "1",
    },
    shift,
  };
}
