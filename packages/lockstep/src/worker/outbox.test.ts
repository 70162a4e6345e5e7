import { describe, expect, it } from "vitest";
import type { Settlement } from "../ledger/index.js";
import { newUnsettled, Outbox, TURN_BYTES_MAX, TURN_SETTLEMENTS_MAX } from "./outbox.js";

const settlement = (job: number, attempt = 1, output = "1"): Settlement => ({
  job_id: `job-${job}`,
  attempt,
  worker_id: "worker",
  outcome: { type: "completed", output },
});
const jobs = (batch: readonly { settlement: Settlement }[]) =>
  batch.map((unsettled) => unsettled.settlement.job_id);

function add(outbox: Outbox, outcome: Settlement, options: { sinceMs?: number; held?: boolean } = {}) {
  const unsettled = newUnsettled(outcome, options.sinceMs ?? 0);
  outbox.add(unsettled, options.held);
  return unsettled;
}

describe("the outbox", () => {
  it("sends what finished first, first, and keeps it until it is acknowledged", () => {
    const outbox = new Outbox();
    for (const job of [1, 2, 3]) add(outbox, settlement(job));
    const batch = outbox.take(0);
    expect(jobs(batch)).toEqual(["job-1", "job-2", "job-3"]);
    expect(outbox.take(0)).toEqual([]);
    expect(outbox.count).toBe(3);
    for (const unsettled of batch) outbox.settled(unsettled);
    expect([outbox.count, outbox.bytes]).toEqual([0, 0]);
  });

  it("sends the same outcomes again, before newer ones, when the turn failed", () => {
    const outbox = new Outbox();
    add(outbox, settlement(1));
    const batch = outbox.take(0);
    add(outbox, settlement(2));
    outbox.putBack(batch);
    expect(jobs(outbox.take(0))).toEqual(["job-1", "job-2"]);
  });

  it("bounds a turn by outcomes and by bytes, but always sends one", () => {
    const outbox = new Outbox();
    for (let job = 0; job < TURN_SETTLEMENTS_MAX + 5; job += 1) add(outbox, settlement(job));
    expect(outbox.take(0)).toHaveLength(TURN_SETTLEMENTS_MAX);
    expect(outbox.take(0)).toHaveLength(5);
    const big = "x".repeat(TURN_BYTES_MAX / 2);
    for (const job of [1001, 1002, 1003]) add(outbox, settlement(job, 1, big));
    add(outbox, settlement(1004, 1, "x".repeat(TURN_BYTES_MAX + 1)));
    expect([outbox.take(0), outbox.take(0), outbox.take(0), outbox.take(0)].map(jobs)).toEqual([
      ["job-1001"],
      ["job-1002"],
      ["job-1003"],
      ["job-1004"],
    ]);
  });

  it("never has two outcomes of one job under way", () => {
    const outbox = new Outbox();
    add(outbox, settlement(1, 1));
    add(outbox, settlement(1, 2));
    const [first] = outbox.take(0);
    expect(outbox.take(0)).toEqual([]);
    outbox.settled(first!);
    expect(outbox.take(0)[0]?.settlement.attempt).toBe(2);
  });

  it("holds an outcome back until its log lines are written, and knows of it meanwhile", () => {
    const outbox = new Outbox();
    const held = add(outbox, settlement(1), { held: true });
    add(outbox, settlement(1, 2));
    expect(outbox.take(0)).toEqual([]);
    expect(outbox.unspooled(0)).toHaveLength(2);
    expect(outbox.all()).toHaveLength(2);
    outbox.release(held);
    outbox.release(held);
    expect(outbox.take(0)).toEqual([held]);
  });

  it("finds the one outcome the ledger stumbles over, and lets the others pass it", () => {
    const outbox = new Outbox();
    for (let job = 0; job < 8; job += 1) add(outbox, settlement(job));
    const passed: string[] = [];
    let turns = 0;
    for (let batch = outbox.take(0); batch.length > 0; batch = outbox.take(0)) {
      turns += 1;
      if (jobs(batch).includes("job-5")) outbox.putBackRefused(batch, 0);
      else {
        for (const unsettled of batch) outbox.settled(unsettled);
        passed.push(...jobs(batch));
      }
    }
    expect(passed.sort()).toEqual([0, 1, 2, 3, 4, 6, 7].map((job) => `job-${job}`));
    expect(turns).toBeLessThan(12);
    expect(outbox.count).toBe(1);
    expect(outbox.take(999)).toEqual([]);
    expect(jobs(outbox.take(1_000))).toEqual(["job-5"]);
  });

  it("tells what a crash would lose", () => {
    const outbox = new Outbox();
    const old = add(outbox, settlement(1), { sinceMs: 100 });
    add(outbox, settlement(2), { sinceMs: 300 });
    add(outbox, settlement(3), { sinceMs: 100 }).spooled = true;
    outbox.take(0);
    expect(outbox.unspooled(200)).toEqual([old]);
  });
});
