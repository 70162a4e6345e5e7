import { TRANSITIONS } from "lockstep/internal/job";
import { describe, expect, it } from "vitest";
import { copyModel } from "./copy-model.js";
import { explore } from "./explore.js";
import { feedModel } from "./feed-model.js";
import { jobsModel } from "./jobs-model.js";
import { JOBS_BOUNDS, modelMutants } from "./mutants.js";

describe("the explorer", () => {
  it("gives a shortest trace of a violation, and finds states that can never rest", () => {
    const counter = (last: number) => ({
      name: "counter",
      initial: 0,
      *steps(at: number) {
        if (at < 5) yield { what: `to ${at + 1}`, next: at + 1 };
      },
      wrong: (at: number) => (at === last ? "too far" : null),
      isSettled: (at: number) => at === 4,
    });
    expect(explore(counter(2)).violation).toEqual({ what: "too far", trace: ["to 1", "to 2"] });
    expect(explore(counter(9)).violation?.trace).toHaveLength(5);
  });
});

describe("the protocol, in every order in which things can happen", () => {
  it("uses exactly the steps of the transition table, ends each run once, and can always come to rest", () => {
    const taken = new Set<string>();
    for (const bounds of Object.values(JOBS_BOUNDS))
      expect(explore(jobsModel(bounds, null, taken)).violation).toBeNull();
    const all = TRANSITIONS.map(({ from, to, reason }) => `${from ?? "none"}>${to}:${reason}`);
    expect([...taken].sort()).toEqual([...new Set(all)].sort());
  });

  it("skips no transition of the feed", () => {
    expect(explore(feedModel(3, null)).violation).toBeNull();
  });

  it("makes the copy equal to the ledger, and never shows a client an older version", () => {
    expect(explore(copyModel(null)).violation).toBeNull();
  });

  it.each(modelMutants().map((mutant) => [mutant.name, mutant] as const))(
    "is wrong without its guard: %s",
    (_name, mutant) => {
      expect(mutant.explore().violation).not.toBeNull();
    },
  );
});
