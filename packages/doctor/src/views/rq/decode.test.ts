import { describe, expect, it } from "vitest";
import { decodeJob, decodeRunning, FIELDS, lockOf } from "./decode.js";

/** The hash of a finished job of RQ 1.13, as HMGET returns it. */
const FINISHED = hash({
  status: "finished",
  origin: "scans",
  created_at: "2026-11-22T21:55:00.409462Z",
  enqueued_at: "2026-11-22T21:55:00.418511Z",
  started_at: "2026-11-22T21:55:00.440328Z",
  ended_at: "2026-11-22T21:55:00.440519Z",
  last_heartbeat: "2026-11-22T21:55:00.440082Z",
  worker_name: "abb05bd994374f09b9cbf5d6a55cf590",
});

function hash(fields: Partial<Record<(typeof FIELDS)[number], string>>): (string | null)[] {
  return FIELDS.map((name) => fields[name] ?? null);
}

describe("a hash of RQ", () => {
  it("has the status, the queue and the times", () => {
    expect(decodeJob(FINISHED)).toEqual({
      word: "finished",
      origin: "scans",
      createdAt: "2026-11-22T21:55:00.409462Z",
      startedAt: "2026-11-22T21:55:00.440328Z",
      finishedAt: "2026-11-22T21:55:00.440519Z",
      heartbeatAt: "2026-11-22T21:55:00.440082Z",
      workerName: "abb05bd994374f09b9cbf5d6a55cf590",
      hasErrorText: false,
    });
  });

  it("has no time where RQ wrote an empty text", () => {
    const job = decodeJob(hash({ status: "queued", started_at: "", ended_at: "" }));
    expect(job).toMatchObject({ word: "queued", startedAt: null, finishedAt: null, workerName: null });
  });

  it("reads times without a zone as UTC, and ignores texts that are not times", () => {
    const job = decodeJob(hash({ status: "queued", created_at: "2015-01-02T03:04:05", ended_at: "soon" }));
    expect(job).toMatchObject({ createdAt: "2015-01-02T03:04:05.000Z", finishedAt: null });
  });

  it("is not a job when it has no status", () => {
    expect(decodeJob(hash({ origin: "scans" }))).toBeNull();
  });

  it("never reads pickled fields", () => {
    expect(FIELDS).not.toContain("data");
    expect(FIELDS).not.toContain("result");
  });
});

describe("the lock of a running job", () => {
  const now = Date.parse("2026-11-22T22:00:00Z") / 1000;
  const started = decodeJob(hash({ status: "started", last_heartbeat: "2026-11-22T21:00:00Z" }))!;

  it("is held until the time in its registry", () => {
    expect(lockOf(started, "a", decodeRunning(["a", String(now + 1)]), now)).toBe("held");
    expect(lockOf(started, "a", decodeRunning(["a", String(now - 1)]), now)).toBe("gone");
  });

  it("is held without end where RQ set no limit", () => {
    expect(lockOf(started, "a", decodeRunning(["a", "-1"]), now)).toBe("held");
  });

  it("is found when RQ 2 appends the execution's id", () => {
    expect(lockOf(started, "a", decodeRunning(["a:0f3e", String(now + 60)]), now)).toBe("held");
  });

  it("is held until the last of several executions ends", () => {
    const running = decodeRunning(["a:1", String(now + 60), "a:2", String(now - 60)]);
    expect(lockOf(started, "a", running, now)).toBe("held");
  });

  it("is held while the heartbeat is fresh, whatever the registry says", () => {
    const beating = decodeJob(hash({ status: "started", last_heartbeat: "2026-11-22T21:59:00Z" }))!;
    expect(lockOf(beating, "a", decodeRunning([]), now)).toBe("held");
  });

  it("is gone when neither the registry nor a heartbeat shows the job", () => {
    expect(lockOf(started, "a", decodeRunning(["b", String(now + 60)]), now)).toBe("gone");
  });
});
