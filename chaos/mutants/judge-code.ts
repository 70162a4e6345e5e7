import type { CodeMutant } from "./code-mutants.js";
import { copyTree, type TestRun, type TreeCopy } from "./copy.js";
import type { Judged, JudgedMutant, Say } from "./judged.js";

const BASELINE_SECONDS_MAX = 300;
/** With a mutant, tests may take this many times as long as without. */
const PATIENCE = 5;
const PATIENCE_SECONDS_MIN = 60;
/**
 * A mutant of the SQL must still be SQL: a statement that cannot be prepared fails every test and
 * proves nothing.
 */
const PREPARES = { file: "packages/lockstep/test/ledger/integrity.test.ts", only: "prepare every statement" };

/**
 * Runs the tests in an unchanged copy of the tree, and then with each line changed. @throws Error
 * when a test of the unchanged copy fails or does not end
 */
export async function judgeCode(say: Say, all: readonly CodeMutant[]): Promise<Judged> {
  const copy = copyTree();
  try {
    const baseline = await runUnchanged(copy, [...new Set(all.map(({ test }) => test))], say);
    const mutants: JudgedMutant[] = [];
    for (const mutant of all) {
      const seconds = baseline.find(({ name }) => name === mutant.test)?.seconds ?? BASELINE_SECONDS_MAX;
      const judged = await copy.mutated(mutant, () => judge(copy, mutant, seconds));
      say(`${judged.noticedBy === null ? "NOT NOTICED" : "noticed"}: ${judged.mutant}`);
      mutants.push(judged);
    }
    return { baseline, mutants };
  } finally {
    copy.remove();
  }
}

async function runUnchanged(copy: TreeCopy, files: readonly string[], say: Say): Promise<Judged["baseline"]> {
  const baseline: { name: string; seconds: number }[] = [];
  for (const file of files) {
    const run = await copy.run(file, null, BASELINE_SECONDS_MAX);
    if (!run.ended || run.failed > 0 || run.passed === 0)
      throw new Error(`${file} without a mutant: ${summaryOf(run)}; the table would prove nothing`);
    say(`passes without a mutant: ${file}, ${run.passed} tests in ${run.seconds.toFixed(1)} s`);
    baseline.push({ name: file, seconds: run.seconds });
  }
  return baseline;
}

async function judge(copy: TreeCopy, mutant: CodeMutant, baselineSeconds: number): Promise<JudgedMutant> {
  if (mutant.file.endsWith(".sql")) {
    const prepared = await copy.run(PREPARES.file, PREPARES.only, BASELINE_SECONDS_MAX);
    if (!prepared.ended || prepared.failed > 0 || prepared.passed === 0)
      throw new Error(`${mutant.name}: the rest of ${mutant.file} is not a statement`);
  }
  const patience = Math.max(PATIENCE_SECONDS_MIN, PATIENCE * baselineSeconds);
  const run = await copy.run(mutant.test, null, patience);
  if (run.ended && run.passed + run.failed === 0)
    throw new Error(`${mutant.name}: no test could run; the rest is not a program`);
  return {
    mutant: `${mutant.file}: ${mutant.name}`,
    noticedBy: run.ended && run.failed > 0 ? `${mutant.test}, ${summaryOf(run)}` : null,
    ended: run.ended,
    seconds: run.seconds,
  };
}

function summaryOf(run: TestRun): string {
  return run.ended ? `${run.failed} of ${run.passed + run.failed} tests fail` : "it did not end";
}
