import type { BridgedJob } from "lockstep/internal/ledger";
import { describe, expect, it } from "vitest";
import { entryBackoffMs, entryOptions, partOptions } from "./job-options.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");

const job: BridgedJob = {
  id: "0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e",
  kind: "any",
  queue: "q",
  status: "pending",
  version: 1,
  priority: 0,
  max_attempts: 3,
  input: {},
  created_at: "2025-12-31T23:59:00.000000Z",
  due_in_ms: 0,
  options: null,
};

describe("splitting BullMQ's options", () => {
  it("gives the ledger attempts, delay and priority, and keeps the rest for the entry", () => {
    const own = { attempts: 5, delay: 1_000, priority: 7, lifo: true, removeOnComplete: { age: 60 } };
    expect(partOptions(own, {}, NOW)).toEqual({
      ledger: { max_attempts: 5, run_at: "2026-01-01T00:00:01.000Z", priority: 7 },
      kept: { priority: 7, lifo: true, removeOnComplete: { age: 60 } },
    });
  });

  it("uses the queue's defaults where the job sets nothing, and stores none of them", () => {
    expect(partOptions({}, { attempts: 2, lifo: true }, NOW)).toEqual({
      ledger: { max_attempts: 2 },
      kept: null,
    });
    expect(partOptions({ attempts: 9 }, { attempts: 2 }, NOW).ledger).toEqual({ max_attempts: 9 });
  });

  it("clamps a priority over the ledger's maximum; the entry keeps its own", () => {
    expect(partOptions({ priority: 2_000_000 }, {}, NOW)).toEqual({
      ledger: { priority: 32_767 },
      kept: { priority: 2_000_000 },
    });
  });

  it.each(["jobId", "deduplication", "parent", "repeatJobKey", "failParentOnFailure"])(
    "refuses %s",
    (name) => {
      expect(() => partOptions({ [name]: "x" } as never, {}, NOW)).toThrow(`/bullmq/${name} cannot be set`);
    },
  );
});

describe("an entry's options", () => {
  it("have the job's id, attempts and creation time", () => {
    expect(entryOptions(job, NOW)).toEqual({
      jobId: job.id,
      attempts: 3,
      delay: 0,
      timestamp: Date.parse(job.created_at),
    });
  });

  it("of a delayed job count the delay from now, because BullMQ adds it to the timestamp", () => {
    expect(entryOptions({ ...job, due_in_ms: 500 }, NOW)).toMatchObject({ delay: 500, timestamp: NOW });
  });

  it("can override only BullMQ's own options, not the ledger's", () => {
    const options = { attempts: 99, delay: 99, jobId: "x", priority: 4, keepLogs: 1 };
    expect(entryOptions({ ...job, priority: 2, options }, NOW)).toMatchObject({
      jobId: job.id,
      attempts: 3,
      delay: 0,
      priority: 4,
      keepLogs: 1,
    });
    expect(entryOptions({ ...job, priority: 2 }, NOW).priority).toBe(2);
    expect(entryOptions({ ...job, priority: -2 }, NOW)).not.toHaveProperty("priority");
  });
});

describe("an entry's own backoff", () => {
  it.each([
    [500, 3, 500],
    [{ type: "fixed", delay: 200 }, 3, 200],
    [{ type: "exponential", delay: 100 }, 1, 100],
    [{ type: "exponential", delay: 100 }, 4, 800],
    [{ type: "exponential", delay: 100, jitter: 0.5 }, 1, 75],
    [{ type: "mine", delay: 100 }, 1, null],
    [{ type: "fixed" }, 1, null],
    [undefined, 1, null],
  ])("%j after failure %i is %j", (backoff, failures, ms) => {
    expect(entryBackoffMs(backoff, failures, 0.5)).toBe(ms);
  });
});
