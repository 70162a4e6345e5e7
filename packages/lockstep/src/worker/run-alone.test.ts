import { describe, expect, it } from "vitest";
import type { ClaimedJob } from "../ledger/index.js";
import { RunAlone } from "./run-alone.js";

const MINUTE = 60_000;

function setUp() {
  const running = new Set<string>();
  const released: string[] = [];
  const place = { mayRun: true, unsettled: 0, claiming: false };
  const alone = new RunAlone({
    workerId: "w",
    running: {
      start: (job) => void running.add(job.id),
      giveBack: (job) => void released.push(job.id),
      get isIdle() {
        return running.size === 0;
      },
    },
    unsettledOutcomes: {
      get count() {
        return place.unsettled;
      },
    },
    logger: { warn: () => undefined },
    mayRun: () => place.mayRun,
  });
  return {
    alone,
    running,
    released,
    place,
    take: (id: string, losses: number, nowMs = 0) =>
      alone.take({ id, attempt: 1, kind: "k", losses } as unknown as ClaimedJob, nowMs),
    step: (nowMs: number) => alone.step(nowMs, place.claiming),
  };
}

describe("a job that was lost twice", () => {
  it("starts when nothing else runs, is claimed or is unsettled, and no sooner", () => {
    const { alone, running, place, take, step } = setUp();
    take("neighbour", 1);
    take("killer", 2);
    expect([...running]).toEqual(["neighbour"]);
    expect([alone.count, alone.mayClaim]).toEqual([1, false]);
    expect(alone.attempts).toEqual([{ job_id: "killer", attempt: 1 }]);
    step(1);
    place.claiming = true;
    running.clear();
    step(2);
    place.claiming = false;
    place.unsettled = 1;
    step(3);
    expect([...running]).toEqual([]);
    place.unsettled = 0;
    step(4);
    expect([...running]).toEqual(["killer"]);
    expect([alone.count, alone.mayClaim]).toEqual([0, false]);
  });

  it("has no company: what is claimed beside it is released, and claims go on after it", () => {
    const { alone, running, released, take, step } = setUp();
    take("killer", 5);
    step(0);
    take("found", 0);
    take("other killer", 2);
    expect([[...running], released]).toEqual([["killer"], ["found", "other killer"]]);
    step(10);
    expect(alone.mayClaim).toBe(false);
    running.clear();
    step(20);
    expect(alone.mayClaim).toBe(true);
    take("next", 0);
    expect([...running]).toEqual(["next"]);
  });

  it("leaves time for other jobs before the next one runs alone", () => {
    const { alone, running, take, step } = setUp();
    take("first", 2);
    take("second", 2);
    step(0);
    expect([...running]).toEqual(["first"]);
    running.clear();
    step(100);
    expect([[...running], alone.mayClaim]).toEqual([[], true]);
    take("neighbour", 0, 200);
    step(1_200);
    expect([[...running], alone.mayClaim]).toEqual([["neighbour"], false]);
    running.clear();
    step(1_300);
    expect([...running]).toEqual(["second"]);
  });

  it("pauses claims for a minute at most, then lets them go on for as long", () => {
    const { alone, running, take, step } = setUp();
    take("endless", 0);
    take("killer", 2);
    const pauses: number[] = [];
    for (let minute = 0.5; minute < 9; minute += 1) {
      step(minute * MINUTE);
      if (!alone.mayClaim) pauses.push(minute);
    }
    expect(pauses.length).toBeGreaterThanOrEqual(3);
    expect(pauses.length).toBeLessThanOrEqual(6);
    expect([...running]).toEqual(["endless"]);
  });

  it("is released when it could not start for ten minutes, and at once when the worker stops", () => {
    const { alone, released, place, take, step } = setUp();
    take("endless", 0);
    take("killer", 2);
    take("later", 2, 5 * MINUTE);
    step(10 * MINUTE);
    expect([released, alone.count]).toEqual([["killer"], 1]);
    place.mayRun = false;
    step(10 * MINUTE + 1);
    expect([released, alone.count]).toEqual([["killer", "later"], 0]);
    take("too late", 2);
    expect(released).toEqual(["killer", "later", "too late"]);
  });
});
