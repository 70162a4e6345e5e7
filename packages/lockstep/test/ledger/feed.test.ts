import pg from "pg";
import { describe, expect, it } from "vitest";
import type { FeedEvent, FeedPosition } from "../../src/ledger/index.js";
import {
  type Bench,
  claim,
  completed,
  ENGINES,
  openBench,
  openSecond,
  registerWorker,
  settlement,
  submitNoop,
} from "./engines.js";

async function readAll({ ledger }: Bench, from: FeedPosition, limit = 1_000) {
  const events: FeedEvent[] = [];
  let position = from;
  for (;;) {
    const batch = await ledger.feed.read(position, limit);
    if (batch === null) throw new Error("the position was refused");
    events.push(...batch.events);
    position = batch.position;
    if (!batch.more) return { events, position };
  }
}

const key = (event: FeedEvent) => `${event.job_id} ${event.version}`;

describe.each(ENGINES)("the feed on %s", (engine) => {
  it("delivers each transition committed after a position once, with its kind and queue", async () => {
    const bench = await openBench(engine);
    await submitNoop(bench);
    const start = await bench.ledger.feed.now();
    const job = await submitNoop(bench, { queue: "q" });
    await bench.ledger.cancel(job.id, { actor: "me" });
    const first = await readAll(bench, start);
    expect(first.events).toMatchObject([
      { job_id: job.id, version: 1, status: "pending", kind: "noop", queue: "q" },
      { job_id: job.id, version: 2, status: "cancelled" },
    ]);
    expect((await readAll(bench, first.position)).events).toEqual([]);
  });

  it("delivers a long range in pages, and skips or repeats none", async () => {
    const bench = await openBench(engine);
    const start = await bench.ledger.feed.now();
    for (let n = 0; n < 5; n++) await bench.ledger.submitMany(Array(10).fill({ kind: "noop", input: 1 }));
    const { events } = await readAll(bench, start, 7);
    expect(new Set(events.map(key)).size).toBe(50);
    expect(events).toHaveLength(50);
  });

  it.each(["", "nonsense", "088f728f-c8b7-4362-97c8-8b0b103986a9/5:5:"])(
    "rejects the position %j, which does not belong to this ledger",
    async (position) => {
      const bench = await openBench(engine);
      expect(await bench.ledger.feed.read(position, 10)).toBeNull();
    },
  );

  it("rejects a position from the future of a cluster that was rolled back", async () => {
    const bench = await openBench(engine);
    const [ledger] = (await bench.ledger.feed.now()).split("/");
    expect(await bench.ledger.feed.read(`${ledger}/99999999:99999999:`, 10)).toBeNull();
  });
});

describe("the feed with concurrent transactions", () => {
  it("delivers a transaction that began first and committed last, without waiting for it", async () => {
    const bench = await openBench("postgres");
    const slow = new pg.Client({ connectionString: bench.url ?? "" });
    await slow.connect();
    try {
      const start = await bench.ledger.feed.now();
      await slow.query("begin");
      const late = await bench.ledger.submit({ kind: "noop", input: "late" }, { tx: slow });
      const early = await submitNoop(bench);
      const before = await readAll(bench, start);
      expect(before.events.map((event) => event.job_id)).toEqual([early.id]);
      const meanwhile = await submitNoop(bench);
      const during = await readAll(bench, before.position);
      expect(during.events.map((event) => event.job_id)).toEqual([meanwhile.id]);
      await slow.query("commit");
      const after = await readAll(bench, during.position);
      expect(after.events.map((event) => event.job_id)).toEqual([late.job.id]);
    } finally {
      await slow.end();
    }
  });

  it("with concurrent writers on several connections, a reader in pages sees every transition exactly once", async () => {
    const bench = await openBench("postgres");
    const second = await openSecond(bench);
    const start = await bench.ledger.feed.now();
    const worker = await registerWorker(bench);
    const seen: FeedEvent[] = [];
    let position = start;
    let writing = true;
    const reader = (async () => {
      for (;;) {
        const last = !writing;
        const batch = await readAll(bench, position, 13);
        seen.push(...batch.events);
        position = batch.position;
        if (last) return;
      }
    })();
    const write = async (own: Bench) => {
      for (let n = 0; n < 40; n++) {
        await submitNoop(own);
        const jobs = await claim(own, worker, 3);
        await own.ledger.turn(
          jobs.map((job) => settlement(job, completed())),
          null,
        );
      }
    };
    await Promise.all([write(bench), write(bench), write(second), write(second)]);
    writing = false;
    await reader;
    const { rows } = await bench.database.query<{ job_id: string; version: number }>(
      "select job_id, version from transitions",
    );
    expect(rows.length).toBeGreaterThan(400);
    expect(seen.map(key).sort()).toEqual(rows.map((row) => `${row.job_id} ${row.version}`).sort());
  });
});
