import { createHash } from "node:crypto";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files of over twenty seconds each, the longest first, so that none of them runs alone at the end.
 * The others follow in Vitest's order.
 */
export const LONGEST = [
  "tests/docking/over-http.test.ts",
  "packages/cli/test/crash.test.ts",
  "tests/doctor/plan-command.test.ts",
  "packages/cli/test/up.test.ts",
  "tests/machines/machines.test.ts",
  "packages/docking/test/docking.test.ts",
  "chaos/model/model.test.ts",
  "packages/lockstep/test/worker/heartbeat.test.ts",
  "tests/docking/missing-programs.test.ts",
  "packages/scan/test/hostile-tree.test.ts",
  "tests/docking/batches.test.ts",
  "packages/bullmq/test/chaos.test.ts",
  "packages/doctor/test/crash.test.ts",
  "tests/browser/accessibility.test.ts",
];

/**
 * Leaves the order to chance when a shuffled order is requested: `npx vitest run
 * --sequence.shuffle`.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { shuffle, seed } = this.ctx.config.sequence;
    if (shuffle) return byChance(files, seed);
    const place = (file: TestSpecification) => {
      const index = LONGEST.findIndex((name) => file.moduleId.endsWith(`/${name}`));
      return index === -1 ? LONGEST.length : index;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

/** The same order for the same seed, which Vitest prints. */
function byChance(files: readonly TestSpecification[], seed: number): TestSpecification[] {
  const lot = (file: TestSpecification) =>
    createHash("sha256").update(`${seed} ${file.moduleId}`).digest("hex");
  return files
    .map((file) => ({ file, lot: lot(file) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ file }) => file);
}
