import { describe, expect, it } from "vitest";
import type { Settlement } from "../ledger/index.js";
import {
  newUnsettled,
  TURN_BYTES_MAX,
  TURN_SETTLEMENTS_MAX,
  UnsettledOutcomes,
} from "./unsettled-outcomes.js";

const settlement = (job: number, attempt = 1, output = "1"): Settlement => ({
  job_id: `job-${job}`,
  attempt,
  worker_id: "worker",
  outcome: { type: "completed", output },
});
const jobs = (batch: readonly { settlement: Settlement }[]) =>
  batch.map((unsettled) => unsettled.settlement.job_id);

function add(
  unsettledOutcomes: UnsettledOutcomes,
  outcome: Settlement,
  options: { sinceMs?: number; held?: boolean } = {},
) {
  const unsettled = newUnsettled(outcome, options.sinceMs ?? 0);
  unsettledOutcomes.add(unsettled, options.held);
  return unsettled;
}

describe("the unsettled outcomes", () => {
  it("are sent in the order in which they finished, and kept until they are acknowledged", () => {
    const unsettledOutcomes = new UnsettledOutcomes();
    for (const job of [1, 2, 3]) add(unsettledOutcomes, settlement(job));
    const batch = unsettledOutcomes.take(0);
    expect(jobs(batch)).toEqual(["job-1", "job-2", "job-3"]);
    expect(unsettledOutcomes.take(0)).toEqual([]);
    expect(unsettledOutcomes.count).toBe(3);
    for (const unsettled of batch) unsettledOutcomes.settled(unsettled);
    expect([unsettledOutcomes.count, unsettledOutcomes.bytes]).toEqual([0, 0]);
  });

  it("are sent again, before newer ones, when the turn failed", () => {
    const unsettledOutcomes = new UnsettledOutcomes();
    add(unsettledOutcomes, settlement(1));
    const batch = unsettledOutcomes.take(0);
    add(unsettledOutcomes, settlement(2));
    unsettledOutcomes.putBack(batch);
    expect(jobs(unsettledOutcomes.take(0))).toEqual(["job-1", "job-2"]);
  });

  it("limit a turn by count and by bytes, but always send one", () => {
    const unsettledOutcomes = new UnsettledOutcomes();
    for (let job = 0; job < TURN_SETTLEMENTS_MAX + 5; job += 1) add(unsettledOutcomes, settlement(job));
    expect(unsettledOutcomes.take(0)).toHaveLength(TURN_SETTLEMENTS_MAX);
    expect(unsettledOutcomes.take(0)).toHaveLength(5);
    const big = "x".repeat(TURN_BYTES_MAX / 2);
    for (const job of [1001, 1002, 1003]) add(unsettledOutcomes, settlement(job, 1, big));
    add(unsettledOutcomes, settlement(1004, 1, "x".repeat(TURN_BYTES_MAX + 1)));
    expect(
      [
        unsettledOutcomes.take(0),
        unsettledOutcomes.take(0),
        unsettledOutcomes.take(0),
        unsettledOutcomes.take(0),
      ].map(jobs),
    ).toEqual([["job-1001"], ["job-1002"], ["job-1003"], ["job-1004"]]);
  });

  it("never send two outcomes of one job at the same time", () => {
    const unsettledOutcomes = new UnsettledOutcomes();
    add(unsettledOutcomes, settlement(1, 1));
    add(unsettledOutcomes, settlement(1, 2));
    const [first] = unsettledOutcomes.take(0);
    expect(unsettledOutcomes.take(0)).toEqual([]);
    unsettledOutcomes.settled(first!);
    expect(unsettledOutcomes.take(0)[0]?.settlement.attempt).toBe(2);
  });

  it("include an outcome that is held back until its log lines are written", () => {
    const unsettledOutcomes = new UnsettledOutcomes();
    const held = add(unsettledOutcomes, settlement(1), { held: true });
    add(unsettledOutcomes, settlement(1, 2));
    expect(unsettledOutcomes.take(0)).toEqual([]);
    expect(unsettledOutcomes.unspooled(0)).toHaveLength(2);
    expect(unsettledOutcomes.all()).toHaveLength(2);
    unsettledOutcomes.release(held);
    unsettledOutcomes.release(held);
    expect(unsettledOutcomes.take(0)).toEqual([held]);
  });

  it("isolate the one outcome that the ledger rejects, and let the others pass it", () => {
    const unsettledOutcomes = new UnsettledOutcomes();
    for (let job = 0; job < 8; job += 1) add(unsettledOutcomes, settlement(job));
    const passed: string[] = [];
    let turns = 0;
    for (let batch = unsettledOutcomes.take(0); batch.length > 0; batch = unsettledOutcomes.take(0)) {
      turns += 1;
      if (jobs(batch).includes("job-5")) unsettledOutcomes.putBackRefused(batch, 0);
      else {
        for (const unsettled of batch) unsettledOutcomes.settled(unsettled);
        passed.push(...jobs(batch));
      }
    }
    expect(passed.sort()).toEqual([0, 1, 2, 3, 4, 6, 7].map((job) => `job-${job}`));
    expect(turns).toBeLessThan(12);
    expect(unsettledOutcomes.count).toBe(1);
    expect(unsettledOutcomes.take(999)).toEqual([]);
    expect(jobs(unsettledOutcomes.take(1_000))).toEqual(["job-5"]);
  });

  it("list the outcomes that a crash would lose", () => {
    const unsettledOutcomes = new UnsettledOutcomes();
    const old = add(unsettledOutcomes, settlement(1), { sinceMs: 100 });
    add(unsettledOutcomes, settlement(2), { sinceMs: 300 });
    add(unsettledOutcomes, settlement(3), { sinceMs: 100 }).spooled = true;
    unsettledOutcomes.take(0);
    expect(unsettledOutcomes.unspooled(200)).toEqual([old]);
  });
});
