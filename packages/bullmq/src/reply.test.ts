import type { Job } from "lockstep/internal/job";
import { describe, expect, it } from "vitest";
import { replyOf } from "./reply.js";

const row = (columns: Partial<Job>) =>
  ({
    status: "pending",
    output: null,
    error: null,
    run_at: "2026-01-01T00:00:10.000000Z",
    as_of: "2026-01-01T00:00:10.000000Z",
    ...columns,
  }) as Job;

describe("the reply to BullMQ for a job that this delivery does not run", () => {
  it("is completed for a completed job only, with the recorded output", () => {
    expect(replyOf(row({ status: "completed", output: { n: 1 } }))).toEqual({
      type: "completed",
      output: { n: 1 },
    });
    for (const status of ["pending", "running", "failed", "cancelled"] as const)
      expect(replyOf(row({ status, output: { n: 1 } })).type).not.toBe("completed");
  });

  it("is the recorded error for a failed job, and JOB_CANCELLED for a cancelled one", () => {
    const error = { name: "TypeError", message: "no", code: null, stack: null, attempt: 2, at: "" };
    expect(replyOf(row({ status: "failed", error }))).toEqual({ type: "failed", error });
    expect(replyOf(row({ status: "cancelled", error }))).toMatchObject({ error: { code: "JOB_CANCELLED" } });
  });

  it("asks for another delivery while another worker runs it", () => {
    expect(replyOf(row({ status: "running" }))).toEqual({ type: "later", inMs: 1_000 });
  });

  it.each([
    ["when it is due", "00:00:04", 6_000],
    ["at once when the job has just become due", "00:00:11", 100],
    ["every second when it is due and still cannot be claimed", "00:00:20", 1_000],
  ])("asks for another delivery %s", (_when, time, inMs) => {
    expect(replyOf(row({ as_of: `2026-01-01T${time}.000000Z` }))).toEqual({ type: "later", inMs });
  });
});
