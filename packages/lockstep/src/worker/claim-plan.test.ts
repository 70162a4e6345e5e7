import { describe, expect, it } from "vitest";
import { at, came, plan, scanAt, wakeUp } from "../../test/worker/claim-plan-steps.js";
import { comparePositions } from "./queue-scans.js";

it("a queue at its rate limit is scanned when the limit allows more, and not earlier", () => {
  const p = plan();
  p.succeeded(scanAt(p, 0), { ...came(0, at(0)), moreInMs: 40.2 }, 1);
  expect(p.next(2)).toEqual({ waitMs: 40 });
  expect(scanAt(p, 42)).toMatchObject({ queue: "a" });
});

describe("the start of a scan", () => {
  it("is the head of the queue at first, and after the last claimed job later", () => {
    const p = plan();
    const first = scanAt(p, 0);
    expect(first).toMatchObject({ queue: "a", after: null, rescan: true });
    p.succeeded(first, came(10, at(5)), 1);
    expect(scanAt(p, 2)).toMatchObject({ after: at(5), rescan: false });
  });

  it("is shared by turn loops that scan at the same time, and they only move it forward", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(5)), 1);
    const [a, b] = [scanAt(p, 2), scanAt(p, 2)];
    p.succeeded(b, came(10, at(20)), 3);
    p.succeeded(a, came(10, at(10)), 4);
    expect(scanAt(p, 5).after).toEqual(at(20));
  });

  it("goes back to just before an earlier position named by a wake-up", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(30)), 1);
    expect(p.wakeUp(wakeUp(7), 2)).toBe(true);
    const scan = scanAt(p, 3);
    expect(scan.rescan).toBe(false);
    expect(comparePositions(scan.after!, at(7))).toBeLessThan(0);
    expect(comparePositions(scan.after!, at(6))).toBeGreaterThan(0);
  });

  it("stays there when a scan that began before the wake-up ends after it", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(30)), 1);
    const before = scanAt(p, 2);
    p.wakeUp(wakeUp(7), 3);
    p.succeeded(before, came(10, at(40)), 4);
    expect(scanAt(p, 5).after?.ready_at).toBe(at(7).ready_at);
  });

  it("does not move for a wake-up with a later position", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(30)), 1);
    p.wakeUp(wakeUp(40), 2);
    expect(scanAt(p, 3).after).toEqual(at(30));
  });

  it("counts a smaller priority number as earlier", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(30, 0)), 1);
    p.wakeUp(wakeUp(59, -1), 2);
    expect(scanAt(p, 3).after).toMatchObject({ priority: -1, ready_at: at(59).ready_at });
  });

  it("is the position of the wake-up when the first scan may have missed it", () => {
    const p = plan();
    const first = scanAt(p, 0);
    p.wakeUp(wakeUp(7), 1);
    p.succeeded(first, came(0, null), 2);
    expect(scanAt(p, 3).after?.ready_at).toBe(at(7).ready_at);
  });
});

describe("a rescan from the start", () => {
  it("follows a forward scan that was not full, at least 200 ms after the last rescan", () => {
    const p = plan();
    p.succeeded(scanAt(p, 1_000), came(10, at(5)), 1_001);
    p.succeeded(scanAt(p, 1_002), came(3, at(8)), 1_003);
    expect(p.next(1_150)).toEqual({ waitMs: 51 });
    expect(scanAt(p, 1_201)).toMatchObject({ rescan: true, after: null });
  });

  it("is made about every second while there is always more ahead", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(1)), 1);
    let rescans = 0;
    for (let ms = 2; ms < 3_500; ms += 5) {
      const scan = scanAt(p, ms);
      if (scan.rescan) rescans += 1;
      p.succeeded(scan, came(10, at(2)), ms + 4);
    }
    expect(rescans).toBe(3);
  });

  it("pauses for twenty times as long as it took, and for ten seconds at most", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(5), 100), 0);
    p.succeeded(scanAt(p, 1), came(1, at(6)), 2);
    expect(scanAt(p, 1_900).rescan).toBe(false);
    const second = scanAt(p, 2_300);
    expect(second.rescan).toBe(true);
    p.succeeded(second, came(0, null, 5_000), 3_000);
    expect(scanAt(p, 12_900).rescan).toBe(false);
    expect(scanAt(p, 13_300).rescan).toBe(true);
  });

  it("is made by one turn loop at a time", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(5)), 1);
    expect([scanAt(p, 2_000).rescan, scanAt(p, 2_000).rescan]).toEqual([true, false]);
  });

  it("that was full moves the cursor to where it ended, so that nothing in between is skipped", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(50)), 1);
    p.succeeded(scanAt(p, 2_000), came(10, at(9)), 2_001);
    expect(scanAt(p, 2_002).after).toEqual(at(9));
  });

  it("that was not full leaves the cursor where it is", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(50)), 1);
    p.succeeded(scanAt(p, 2_000), came(2, at(9)), 2_001);
    p.wakeUp(wakeUp(null), 2_002);
    expect(scanAt(p, 2_003).after).toEqual(at(50));
  });

  it("is due immediately after a scan whose outcome is unknown", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(10, at(50)), 1);
    p.failed(scanAt(p, 2));
    expect(scanAt(p, 3).rescan).toBe(true);
  });
});

describe("the time of a scan", () => {
  it("is a quarter of a second later in an idle queue, and only one turn loop scans", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(0, null), 1);
    expect(p.next(2)).toEqual({ waitMs: 249 });
    scanAt(p, 251);
    expect(p.next(252)).toMatchObject({ waitMs: expect.any(Number) });
  });

  it("is immediately after a wake-up, for one turn loop", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(1, at(1)), 1);
    p.wakeUp(wakeUp(2), 2);
    expect(scanAt(p, 3).after).toEqual(at(1));
    expect(p.next(3)).toMatchObject({ waitMs: expect.any(Number) });
  });

  it("is kept when a wake-up arrives during a scan that finds nothing", () => {
    const p = plan();
    p.succeeded(scanAt(p, 0), came(1, at(1)), 1);
    p.wakeUp(wakeUp(2), 2);
    const scan = scanAt(p, 3);
    p.wakeUp(wakeUp(3), 4);
    p.succeeded(scan, came(0, null), 5);
    expect(scanAt(p, 6).queue).toBe("a");
  });

  it("is spread over many idle queues so that there are at most forty scans a second", () => {
    const names = Array.from({ length: 100 }, (_, index) => `q${index}`);
    const p = plan(...names);
    for (const _ of names) p.succeeded(scanAt(p, 0), came(0, null), 1);
    let checks = 0;
    for (let ms = 2; ms < 10_002; ms += 1) {
      const next = p.next(ms);
      if ("waitMs" in next) continue;
      checks += 1;
      p.succeeded(next, came(0, null), ms);
    }
    expect(checks).toBeLessThanOrEqual(400);
  });
});
