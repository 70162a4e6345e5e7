import { describe, expect, it } from "vitest";
import { at, came, plan, scanAt, wakeUp } from "../../test/worker/claim-plan-steps.js";
import { createClaimPlan } from "./claim-plan.js";

describe("several queues", () => {
  it("are scanned in turn while all have work", () => {
    const p = plan("a", "b", "c");
    const order = Array.from({ length: 6 }, (_, ms) => {
      const scan = scanAt(p, ms);
      p.succeeded(scan, came(10, at(ms)), ms);
      return scan.queue;
    });
    expect(order).toEqual(["a", "b", "c", "a", "b", "c"]);
  });

  it("with known work are preferred to idle ones, which are still scanned", () => {
    const p = plan("busy", "idle");
    const seen = { busy: 0, idle: 0 };
    for (let ms = 0; ms < 1_000; ms += 10) {
      const scan = scanAt(p, ms);
      const full = scan.queue === "busy";
      seen[scan.queue as keyof typeof seen] += 1;
      p.succeeded(scan, full ? came(10, at(1)) : came(0, null), ms);
    }
    expect(seen.idle).toBeGreaterThanOrEqual(3);
    expect(seen.idle).toBeLessThanOrEqual(6);
  });

  it("can be added and removed, and the remaining ones keep their cursor", () => {
    const p = plan("a");
    p.succeeded(scanAt(p, 0), came(10, at(5)), 1);
    expect(p.wakeUp(wakeUp(1, 0, "b"), 1)).toBe(false);
    p.discovered(["a", "b"], 1);
    expect([scanAt(p, 2), scanAt(p, 2)].map((scan) => [scan.queue, scan.after])).toEqual([
      ["b", null],
      ["a", at(5)],
    ]);
  });

  it("that has no claimable jobs leaves the plan after a while, and is scanned at once when found again", () => {
    const p = plan("a");
    p.discovered(["a", "b"], 0);
    expect([scanAt(p, 1), scanAt(p, 1)].map((scan) => scan.queue)).toEqual(["a", "b"]);
    p.discovered(["a"], 59_000);
    expect(p.wakeUp(wakeUp(1, 0, "b"), 59_000)).toBe(true);
    p.discovered(["a"], 119_001);
    expect(p.wakeUp(wakeUp(1, 0, "b"), 119_001)).toBe(false);
    p.discovered(["a", "b"], 119_002);
    expect(p.wakeUp(wakeUp(1, 0, "b"), 119_002)).toBe(true);
  });

  it("twenty thousand that were found are all scanned, each once, before any is scanned again", () => {
    const p = createClaimPlan([], () => 0.5);
    const names = Array.from({ length: 20_000 }, (_, n) => `queue ${n}`);
    p.discovered(names, 0);
    const seen = new Set<string>();
    for (let n = 0; n < names.length; n++) {
      const scan = scanAt(p, 1);
      seen.add(scan.queue);
      p.succeeded(scan, came(1, at(1)), 1);
    }
    expect(seen.size).toBe(names.length);
  });

  it("that are known wait for one new queue, not for thousands", () => {
    const p = plan("a", "b");
    for (let ms = 0; ms < 10; ms += 1) p.succeeded(scanAt(p, ms), came(10, at(ms)), ms);
    p.discovered(["a", "b", ...Array.from({ length: 1_000 }, (_, n) => `new ${n}`)], 10);
    const order = Array.from({ length: 8 }, () => {
      const scan = scanAt(p, 11);
      p.succeeded(scan, came(10, at(11)), 11);
      return scan.queue.replace(/ .*/, "");
    });
    expect(order.filter((name) => name === "new")).toHaveLength(4);
    expect(order.filter((name) => name === "a")).toHaveLength(2);
    expect(order.filter((name) => name === "b")).toHaveLength(2);
  });

  it("with few jobs each are scanned together, and one with a backlog or with limits alone", () => {
    const p = plan(...Array.from({ length: 10 }, (_, n) => `q${n}`));
    const first = scanAt(p, 0);
    const together = p.together(first, 0, 5);
    expect(new Set([first, ...together].map(({ queue }) => queue)).size).toBe(6);
    const [full, limited, skipped, ...few] = together;
    for (const scan of [first, ...few]) p.succeeded(scan, came(0, null), 1);
    p.succeeded(full!, came(10, at(1)), 1);
    p.isLimited(limited!);
    p.skipped(skipped!);
    const rest: string[] = [];
    for (let n = 0; n < 20; n++) {
      const next = p.next(2);
      if ("waitMs" in next) break;
      const group = [next, ...p.together(next, 2, 50)];
      for (const scan of group) p.succeeded(scan, came(0, null), 3);
      if (group.length === 1) rest.push(next.queue);
    }
    expect(rest).toContain(full?.queue);
    expect(rest).not.toContain(skipped?.queue);
  });

  it("fewer than eight are never scanned together", () => {
    const p = plan("a", "b", "c");
    expect(p.together(scanAt(p, 0), 0, 5)).toEqual([]);
  });

  it("waits when there are no queues", () => {
    expect(plan("a").next(0)).toHaveProperty("queue");
    expect(createClaimPlan([]).next(0)).toEqual({ waitMs: 1_000 });
  });
});
