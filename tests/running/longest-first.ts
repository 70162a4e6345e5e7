import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Over twenty seconds each, the longest first: none of them is to run alone at the end. The others follow as Vitest orders them. */
const LONGEST = [
  "browser/access",
  "docking/over-http",
  "cli/crash",
  "cli/up",
  "bullmq/chaos",
  "machines/machines",
  "worker/heartbeat",
  "docking/docking",
  "bullmq/crashing",
  "scan/hostile-tree",
  "archive/command",
  "docking/batches",
  "redis/healing",
  "readme/readme",
  "bullmq/losing",
  "server/reading",
  "doctor/own-command",
].map((name) => `/test/${name}.test.ts`);

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (file: TestSpecification) => {
      const index = LONGEST.findIndex((name) => file.moduleId.endsWith(name));
      return index === -1 ? LONGEST.length : index;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
