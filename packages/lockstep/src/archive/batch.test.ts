import fc from "fast-check";
import { expect, it } from "vitest";
import type { ArchiveCandidate } from "../ledger/index.js";
import { byDay, membersOf, withinBytes } from "./batch.js";

const MIB = 1024 * 1024;

function candidate(stored_bytes: number, finished_at = "2031-02-03T00:00:00.000000Z"): ArchiveCandidate {
  return { id: crypto.randomUUID(), version: 3, finished_at, stored_bytes, held: false };
}

const sizes = fc.array(fc.integer({ min: 0, max: 40 * MIB }), { maxLength: 300 });

it("a batch has the first jobs whose payloads fit into 32 MiB, and at least one", () => {
  fc.assert(
    fc.property(sizes, (all) => {
      const jobs = all.map((bytes) => candidate(bytes));
      const batch = withinBytes(jobs);
      expect(batch).toEqual(jobs.slice(0, batch.length));
      expect(batch.length).toBeGreaterThanOrEqual(Math.min(1, jobs.length));
      const bytesOf = (some: readonly ArchiveCandidate[]) =>
        some.reduce((sum, job) => sum + job.stored_bytes, 0);
      if (batch.length > 1) expect(bytesOf(batch)).toBeLessThanOrEqual(32 * MIB);
      if (batch.length < jobs.length)
        expect(bytesOf(jobs.slice(0, batch.length + 1))).toBeGreaterThan(32 * MIB);
    }),
  );
});

it("members have every job once and in order, at most 64 jobs and 256 KiB, except a single larger job", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 300 }), (all) => {
      const jobs = all.map((bytes) => candidate(bytes));
      const members = membersOf(jobs);
      expect(members.flat()).toEqual(jobs);
      for (const member of members) {
        expect(member.length).toBeGreaterThan(0);
        expect(member.length).toBeLessThanOrEqual(64);
        const bytes = member.reduce((sum, job) => sum + job.stored_bytes, 0);
        if (member.length > 1) expect(bytes).toBeLessThanOrEqual(256 * 1024);
      }
    }),
  );
});

it("jobs are grouped by the UTC day on which they finished", () => {
  const late = candidate(1, "2031-02-03T23:59:59.999999Z");
  const early = candidate(1, "2031-02-04T00:00:00.000000Z");
  expect([...byDay([late, early, late])]).toEqual([
    ["2031-02-03", [late, late]],
    ["2031-02-04", [early]],
  ]);
});
