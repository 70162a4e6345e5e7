import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "lockstep-summary-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the script prints of some reports, line by line, and whether CI passes. */
function summaryOf(...reports: unknown[]): { lines: string[]; passes: boolean } {
  const paths = reports.map((report, n) => {
    const path = join(folder, `report-${n}.json`);
    writeFileSync(path, report === undefined ? "" : JSON.stringify(report));
    return path;
  });
  const { stdout, status } = spawnSync(process.execPath, ["scripts/test-summary.mjs", ...paths], {
    encoding: "utf8",
  });
  return { lines: stdout.trimEnd().split("\n"), passes: status === 0 };
}

const fileOf = (path: string, status: string, ...assertionResults: unknown[]) => ({
  name: resolve(path),
  status,
  message: status === "failed" && assertionResults.length === 0 ? "SyntaxError: no such export\n  at x" : "",
  assertionResults,
});
const passing = { fullName: "a job completes", status: "passed", failureMessages: [] };
const failing = {
  fullName: "a worker that lost its lease cannot complete the job",
  status: "failed",
  failureMessages: ["AssertionError: expected \u001b[32m'lost'\u001b[39m\n    at claim.test.ts:3:1"],
};

it("the end of a CI log names each failed test, its file and its error, and then the counts", () => {
  const testResults = [
    fileOf("tests/a.test.ts", "failed", passing, failing),
    fileOf("tests/b.test.ts", "failed"),
    fileOf("tests/c.test.ts", "passed", passing),
  ];
  expect(summaryOf({ success: false, testResults })).toEqual({
    lines: [
      "did not run to its end: tests/b.test.ts",
      "  SyntaxError: no such export",
      "failed: tests/a.test.ts: a worker that lost its lease cannot complete the job",
      "  AssertionError: expected 'lost'",
      "2 passed, 2 failed",
    ],
    passes: false,
  });
});

it("CI passes when every test passed, and neither with a skipped test nor without a report", () => {
  const skipped = { ...passing, status: "skipped" };
  const withTest = (test: unknown) => ({
    success: true,
    testResults: [fileOf("tests/a.test.ts", "passed", passing, test)],
  });
  expect(summaryOf(withTest(passing))).toEqual({ lines: ["2 passed, 0 failed"], passes: true });
  expect(summaryOf(withTest(skipped))).toEqual({
    lines: ["skipped: tests/a.test.ts: a job completes", "1 passed, 0 failed"],
    passes: false,
  });
  expect(summaryOf(withTest(passing), undefined)).toEqual({ lines: ["2 passed, 0 failed"], passes: false });
  expect(summaryOf(withTest(passing), withTest(passing))).toEqual({
    lines: ["4 passed, 0 failed"],
    passes: true,
  });
});
