import type { Job } from "lockstep/internal/job";
import { expect, it } from "vitest";
import { toStatusView } from "./status-view.js";

const job: Job = {
  id: "0199f0e0-0000-7000-8000-000000000000",
  kind: "noop",
  queue: "default",
  status: "completed",
  version: 3,
  attempt: 1,
  failures: 0,
  losses: 0,
  max_attempts: 3,
  priority: 0,
  progress: null,
  input: {},
  output: { ok: true },
  error: null,
  worker_id: null,
  tags: [],
  timeout_ms: null,
  unique_key: null,
  limit_key: null,
  batch_id: null,
  run_at: "2031-01-01T00:00:00.000000Z",
  deadline_at: null,
  created_at: "2031-01-01T00:00:00.000000Z",
  started_at: "2031-01-01T00:00:00.000000Z",
  finished_at: "2031-01-01T00:00:01.000000Z",
  cancel_requested_at: null,
  actor: "worker:x",
  reason: "succeeded",
  source: "ledger",
  as_of: "2031-01-01T00:00:02.000000Z",
};

const messageOf = (changes: Partial<Job>) => toStatusView({ ...job, ...changes }).message;

it("has a sentence for each status and setback", () => {
  const pending = { status: "pending", failures: 2, attempt: 2 } as const;
  expect(messageOf({})).toBe("The job has completed.");
  expect(messageOf({ status: "cancelled" })).toBe("The job was cancelled.");
  expect(messageOf({ ...pending, reason: "lost" })).toBe(
    "Attempt 2 lost its worker; the job is tried again soon (2 of 3 attempts used up).",
  );
  expect(messageOf({ ...pending, reason: "timeout" })).toContain("Attempt 2 took too long");
  expect(messageOf({ ...pending, reason: "released" })).toBe(
    "The job waits for a worker in the queue default.",
  );
  expect(messageOf({ status: "running" })).toBe("The job is running.");
  expect(messageOf({ status: "running", cancel_requested_at: job.as_of })).toBe(
    "The job is being cancelled.",
  );
});

it("shows the result of a completed job, and of no other", () => {
  expect(toStatusView(job)).toMatchObject({ progress: 1, results: { ok: true } });
  expect(toStatusView({ ...job, status: "cancelled" })).not.toHaveProperty("results");
});

it("does not call a result empty when it is in an unreadable archive file", () => {
  const archive = { at: job.as_of, file: "a", readable: false };
  const view = toStatusView({ ...job, archived: true, archive });
  expect(view).not.toHaveProperty("results");
  expect(view.message).toContain("cannot be read here");
});
