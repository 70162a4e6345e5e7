// Reads the JSON report of a test run and prints "N passed, N failed" as its last line.
// Fails when a test failed, when a test was skipped, and when no test ran.
import { readFileSync } from "node:fs";

const report = readReport(process.argv[2]);
const skipped = report.files.flatMap((file) => file.tests.filter((test) => !isRun(test)));
for (const test of skipped) console.log(`skipped: ${test.fullName}`);
const unloaded = report.files.filter(
  (file) => file.failed && file.tests.every((test) => test.status !== "failed"),
);
for (const file of unloaded) console.log(`did not run to its end: ${file.name}`);

const all = report.files.flatMap((file) => file.tests);
const passed = all.filter((test) => test.status === "passed").length;
const failed = all.filter((test) => test.status === "failed").length + unloaded.length;
if (failed > 0 || skipped.length > 0 || passed === 0 || !report.success) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);

function isRun(test) {
  return test.status === "passed" || test.status === "failed";
}

/** An aborted run leaves no report: then nothing passed. */
function readReport(path) {
  const text = readFileSync(path, "utf8");
  if (text === "") return { success: false, files: [] };
  const { success, testResults } = JSON.parse(text);
  const files = testResults.map(({ name, status, assertionResults }) => ({
    name,
    failed: status === "failed",
    tests: assertionResults,
  }));
  return { success, files };
}
