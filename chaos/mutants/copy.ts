import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

const COPIED = [
  "packages",
  "tests",
  "package.json",
  "tsconfig.json",
  "tsconfig.base.json",
  "vitest.config.ts",
  "scripts",
];

const Report = z.object({
  numTotalTests: z.number(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
});

/** The result of a test run. */
export type TestRun =
  | { readonly ended: true; readonly passed: number; readonly failed: number; readonly seconds: number }
  | { readonly ended: false; readonly seconds: number };

/** A copy of the tree in which lines are changed and tests are run. */
export interface TreeCopy {
  /**
   * Changes a file until the promise settles. @throws Error when the file does not have `from`
   * exactly once
   */
  mutated<T>(change: { file: string; from: string; to: string }, work: () => Promise<T>): Promise<T>;
  /** @param only part of the names of the tests to run; null: all */
  run(testFile: string, only: string | null, secondsMax: number): Promise<TestRun>;
  remove(): void;
}

export function copyTree(): TreeCopy {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-mutants-"));
  for (const part of COPIED) cpSync(part, join(folder, part), { recursive: true });
  linkModules(folder);
  return {
    async mutated({ file, from, to }, work) {
      const path = join(folder, file);
      const text = readFileSync(path, "utf8");
      if (text.split(from).length !== 2) throw new Error(`${file} does not have exactly once: ${from}`);
      writeFileSync(
        path,
        text.replace(from, () => to),
      );
      try {
        return await work();
      } finally {
        writeFileSync(path, text);
      }
    },
    run: (testFile, only, secondsMax) => runTests(folder, testFile, only, secondsMax),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** External packages are those of this tree; its own packages are the copy's. */
function linkModules(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@lockstep"), { recursive: true });
  for (const name of readdirSync("node_modules"))
    if (name !== "lockstep" && name !== "@lockstep")
      symlinkSync(resolve("node_modules", name), join(modules, name));
  symlinkSync(join(folder, "packages", "lockstep"), join(modules, "lockstep"));
  for (const name of readdirSync("node_modules/@lockstep"))
    symlinkSync(join(folder, "packages", name), join(modules, "@lockstep", name));
}

async function runTests(
  folder: string,
  testFile: string,
  only: string | null,
  secondsMax: number,
): Promise<TestRun> {
  const began = performance.now();
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    testFile,
    "--reporter=json",
    `--outputFile=${report}`,
  ];
  if (only !== null) args.push("-t", only);
  const ended = await endsInTime(folder, args, secondsMax);
  const seconds = (performance.now() - began) / 1_000;
  if (!ended) return { ended, seconds };
  const { numPassedTests: passed, numFailedTests: failed } = Report.parse(
    JSON.parse(readFileSync(report, "utf8")),
  );
  return { ended, passed, failed, seconds };
}

/** @returns false when it had to be killed, together with the servers it had started */
function endsInTime(folder: string, args: readonly string[], secondsMax: number): Promise<boolean> {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: "ignore", detached: true });
  const kill = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  };
  process.once("exit", kill);
  return new Promise((resolve, reject) => {
    let inTime = true;
    const timer = setTimeout(() => {
      inTime = false;
      kill();
    }, secondsMax * 1_000);
    child.once("error", reject);
    child.once("exit", () => {
      clearTimeout(timer);
      process.off("exit", kill);
      resolve(inTime);
    });
  });
}
