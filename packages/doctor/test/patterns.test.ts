import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DriftFinding } from "../src/index.js";
import { idOf, PENDING, PROCESSING, putHealthy, type Row, type System, startSystem } from "./system.js";

const STARTED = "2026-01-01T10:00:00.000Z";
const ENDED = "2026-01-01T10:05:00.250Z";

interface Planted {
  readonly pattern: string;
  readonly hash: object | null;
  readonly lists?: readonly string[];
  readonly row: Row | null;
}

const done = (status: string, more: object = {}) => ({
  status,
  created_at: STARTED,
  updated_at: ENDED,
  ...more,
});
const running: Row = { status: "IN_PROGRESS", startedAt: STARTED };

/** A job for each cell of the table of patterns. */
const PLANTED: readonly Planted[] = [
  { pattern: "stuck-running", hash: done("COMPLETED", { result: { found: 3 } }), row: running },
  { pattern: "stuck-running", hash: done("FAILED", { error: "exit 137" }), row: running },
  { pattern: "stuck-running", hash: done("CANCELLED"), row: running },
  {
    pattern: "skipped-states",
    hash: done("COMPLETED", { result: { found: 4 } }),
    row: { status: "PENDING" },
  },
  { pattern: "skipped-states", hash: done("FAILED", { error: "no memory" }), row: { status: "PENDING" } },
  { pattern: "skipped-states", hash: done("COMPLETED"), row: { status: "PENDING" } },
  { pattern: "lost-enqueue", hash: null, row: { status: "PENDING" } },
  { pattern: "lost-enqueue", hash: done("PENDING"), row: { status: "PENDING" } },
  { pattern: "lost-runner", hash: null, row: running },
  {
    pattern: "already-done",
    hash: done("PENDING"),
    lists: [PENDING],
    row: { status: "COMPLETED", result: { found: 5 } },
  },
  { pattern: "already-done", hash: done("PENDING"), lists: [PENDING], row: { status: "FAILED", error: "x" } },
  { pattern: "already-done", hash: done("PENDING"), lists: [PENDING], row: { status: "CANCELLED" } },
  { pattern: "stalled", hash: done("IN_PROGRESS"), row: running },
  { pattern: "orphan", hash: done("COMPLETED", { result: 1 }), row: null },
  { pattern: "contradiction", hash: done("COMPLETED"), row: { status: "FAILED", error: "x" } },
  { pattern: "contradiction", hash: done("FAILED"), row: { status: "COMPLETED", result: {} } },
  {
    pattern: "result-mismatch",
    hash: done("COMPLETED", { result: { found: 1 } }),
    row: { status: "COMPLETED", result: { found: 2 } },
  },
];

/** Jobs that differ in a permitted way, or agree with different words. */
const RIGHT: readonly Omit<Planted, "pattern">[] = [
  { hash: done("PENDING"), lists: [PENDING], row: { status: "PENDING" } },
  { hash: done("IN_PROGRESS"), lists: [PROCESSING], row: running },
  { hash: done("IN_PROGRESS"), lists: [PROCESSING], row: { status: "PENDING" } },
  { hash: null, row: { status: "COMPLETED", result: {} } },
  { hash: null, row: { status: "FAILED", error: "x" } },
  {
    hash: done("COMPLETED", { result: { b: [1, { c: null }], a: 1 } }),
    row: { status: "COMPLETED", result: { a: 1, b: [1, { c: null }] } },
  },
  { hash: null, row: { ...running, heartbeatAt: new Date(Date.now() + 3_600_000).toISOString() } },
];

let system: System;
beforeAll(async () => {
  system = await startSystem();
  await putHealthy(system, 100);
  for (const [index, planted] of PLANTED.entries()) await plant(idOf(index), planted);
  for (const [index, planted] of RIGHT.entries()) await plant(idOf(500 + index), planted);
});
afterAll(() => system.close());

async function plant(id: string, { hash, lists = [], row }: Omit<Planted, "pattern">): Promise<void> {
  if (hash !== null) await system.putHash(id, hash);
  if (row !== null) await system.putRow(id, row);
  for (const list of lists) await system.redis.rpush(list, id);
}

async function findings(): Promise<ReadonlyMap<string, DriftFinding>> {
  const found = new Map<string, DriftFinding>();
  await system.doctor().check({ onFinding: (finding) => void found.set(finding.id, finding) });
  return found;
}

describe("each cell of the table of patterns", () => {
  it("is found under its name, and nothing else is found", async () => {
    const found = await findings();
    expect(PLANTED.map((_, index) => found.get(idOf(index))?.pattern)).toEqual(
      PLANTED.map(({ pattern }) => pattern),
    );
    expect([...found.keys()].sort()).toEqual(PLANTED.map((_, index) => idOf(index)));
  });

  it("is found under the same name for any order of the views in the configuration", async () => {
    const found: string[] = [];
    const { views } = JSON.parse(system.config());
    const doctor = system.doctor({ views: { table: views.table, queue: views.queue } });
    const { compared } = await doctor.check({ onFinding: ({ pattern }) => void found.push(pattern) });
    expect(found.sort()).toEqual(PLANTED.map(({ pattern }) => pattern).sort());
    expect(compared).toBe(100 + PLANTED.length + RIGHT.length);
  });

  it("comes with the likely cause and its evidence, and with every view side by side", async () => {
    const finding = (await findings()).get(idOf(0));
    expect(finding?.cause.evidence).toContain(ENDED);
    expect(finding?.views.map(({ view, word }) => [view, word])).toEqual([
      ["queue", "COMPLETED"],
      ["table", "IN_PROGRESS"],
    ]);
    expect(finding?.views[0]?.result).toBe('{"found":3}');
  });
});
