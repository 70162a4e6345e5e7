import { copyModel } from "../model/copy-model.js";
import { type Exploration, explore } from "../model/explore.js";
import { feedModel } from "../model/feed-model.js";
import { jobsModel } from "../model/jobs-model.js";
import { JOBS_BOUNDS, modelMutants } from "../model/mutants.js";
import type { Judged, JudgedMutant, Say } from "./judged.js";

function timed(walk: () => Exploration): Exploration & { seconds: number } {
  const began = performance.now();
  const exploration = walk();
  return { ...exploration, seconds: (performance.now() - began) / 1_000 };
}

/**
 * Explores every complete model, and then with each guard removed. @throws Error when a complete
 * model is wrong
 */
export async function judgeModels(say: Say): Promise<Judged> {
  const whole = [
    ...Object.entries(JOBS_BOUNDS).map(
      ([name, bounds]) => [`jobs model, ${name}`, () => explore(jobsModel(bounds, null))] as const,
    ),
    ["feed model", () => explore(feedModel(3, null))] as const,
    ["copy model", () => explore(copyModel(null))] as const,
  ];
  const baseline = whole.map(([name, walk]) => {
    const { violation, seconds } = timed(walk);
    if (violation) throw new Error(`the ${name} is wrong without a mutant: ${violation.what}`);
    return { name, seconds };
  });
  const mutants = modelMutants().map(({ model, name, explore: walk }): JudgedMutant => {
    const { violation, seconds } = timed(walk);
    const mutant = `${model} model: ${name}`;
    say(`${violation ? "noticed" : "NOT NOTICED"}: ${mutant}`);
    const noticedBy = violation && `explorer, ${violation.trace.length} steps: ${violation.what}`;
    return { mutant, noticedBy, ended: true, seconds };
  });
  return { baseline, mutants };
}
