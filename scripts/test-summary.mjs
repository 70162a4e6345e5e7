// Reads the JSON reports of test runs and prints each test that failed, with its file and the first
// line of its error, and then "N passed, N failed" as the last line.
// Fails when a test failed, when a test was skipped, and when a run had no test or no report.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

const reports = process.argv.slice(2).map(readReport);
const files = reports.flatMap((report) => report.files);
const all = files.flatMap((file) => file.tests.map((test) => ({ ...test, file: file.name })));
const skipped = all.filter((test) => test.status !== "passed" && test.status !== "failed");
const failed = all.filter((test) => test.status === "failed");
const unloaded = files.filter((file) => file.failed && file.tests.every((test) => test.status !== "failed"));
const passed = all.filter((test) => test.status === "passed").length;
const complete = reports.length > 0 && reports.every(({ success, files }) => success && files.length > 0);
if (failed.length > 0 || unloaded.length > 0 || skipped.length > 0 || !complete) process.exitCode = 1;

for (const { file, fullName } of skipped) console.log(`skipped: ${file}: ${fullName}`);
for (const { name, message } of unloaded)
  console.log(`did not run to its end: ${name}\n  ${firstLine(message)}`);
for (const { file, fullName, failureMessages } of failed)
  console.log(`failed: ${file}: ${fullName}\n  ${firstLine(failureMessages[0])}`);
console.log(`${passed} passed, ${failed.length + unloaded.length} failed`);

/** Without the colours in which Vitest writes a difference. */
function firstLine(message = "") {
  return stripVTControlCharacters(message).trim().split("\n", 1)[0];
}

/** An aborted run leaves no report: then nothing passed. */
function readReport(path) {
  const text = readFileSync(path, "utf8");
  if (text === "") return { success: false, files: [] };
  const { success, testResults } = JSON.parse(text);
  const files = testResults.map(({ name, status, message, assertionResults }) => ({
    name: relative(process.cwd(), name),
    failed: status === "failed",
    message,
    tests: assertionResults,
  }));
  return { success, files };
}
