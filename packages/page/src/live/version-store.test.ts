import { expect, it, vi } from "vitest";
import type { Job, JobSummary } from "../api/client.js";
import { VersionStore } from "./version-store.js";

const read = { source: "ledger" as const, as_of: "2031-02-03T04:05:06Z" };
const row = (version: number, status: JobSummary["status"]) =>
  ({
    id: "a",
    kind: "echo",
    version,
    status,
    attempt: 0,
    error: null,
    started_at: null,
  }) as unknown as JobSummary;
const change = (version: number, status: JobSummary["status"]) => ({
  job_id: "a",
  version,
  status,
  attempt: 1,
  actor: "worker",
  reason: "claimed" as const,
  at: "2031-02-03T04:05:07Z",
  as_of: "2031-02-03T04:05:07Z",
});

it("never goes back to an older version, however it arrives", () => {
  const store = new VersionStore();
  store.seeRows([row(3, "completed")], read);
  store.seeRows([row(2, "running")], read);
  expect(store.seeChange(change(2, "running"))).toBe(false);
  store.seeJob({ ...row(1, "pending"), ...read } as Job);
  expect(store.get("a")).toMatchObject({ version: 3, status: "completed" });
});

it("a response in flight does not restore what a transition replaced", () => {
  const store = new VersionStore();
  expect(store.seeChange(change(2, "running"))).toBe(true);
  store.seeRows([row(1, "pending")], read);
  expect(store.get("a")).toMatchObject({ version: 2, status: "running", attempt: 1 });
});

it("for the same version the ledger takes precedence over a copy", () => {
  const store = new VersionStore();
  store.seeRows([row(2, "running")], read);
  store.seeRows([row(2, "running")], { source: "cache", as_of: "2031-02-03T05:00:00Z" });
  expect(store.get("a")?.source).toBe("ledger");
  store.seeRows([row(3, "completed")], { source: "cache", as_of: "2031-02-03T05:00:00Z" });
  expect(store.get("a")).toMatchObject({ source: "cache", version: 3 });
});

it("paints at most four times a second, and not at all while it is paused", () => {
  vi.useFakeTimers();
  const store = new VersionStore();
  store.seeRows([row(1, "pending")], read);
  let paints = 0;
  store.subscribe(() => {
    paints += 1;
  });
  for (let version = 2; version < 202; version += 1) {
    store.seeChange(change(version, "running"));
    vi.advanceTimersByTime(10);
  }
  expect(paints).toBeGreaterThan(5);
  expect(paints).toBeLessThanOrEqual(8);
  store.pause(true);
  const before = store.get("a");
  store.seeChange(change(900, "completed"));
  vi.advanceTimersByTime(2_000);
  expect(store.get("a")).toBe(before);
  store.pause(false);
  expect(store.get("a")?.version).toBe(900);
  vi.useRealTimers();
});
