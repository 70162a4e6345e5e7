import { join } from "node:path";
import { defineJob } from "lockstep";
import { newId } from "lockstep/internal/job";
import type { Cursor, Settlement } from "lockstep/internal/ledger";
import { createWorker } from "lockstep/internal/worker";
import pino from "pino";
import { z } from "zod";
import { quantile } from "../report.js";
import type { Subject } from "./subject.js";

const BATCH = 1_000;
const SUBMITTERS = 64;
const SLOTS = 100;

/** An input of about 100 bytes. */
const input = (n: number) => ({ n, text: "x".repeat(80) });
let ran = 0;
const noop = defineJob({
  kind: "noop",
  input: z.looseObject({}),
  run: () => {
    ran++;
    return { ok: true };
  },
});

/** Jobs a second of `submitters` callers that each wait for an answer before the next submit. */
export async function submitSingly({ ledger }: Subject, jobs: number): Promise<number> {
  const began = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: SUBMITTERS }, async () => {
      while (next < jobs) await ledger.submit({ kind: "noop", input: input(next++) });
    }),
  );
  return perSecond(jobs, began);
}

/** Jobs a second in batches of 1,000. */
export async function submitInBatches({ ledger }: Subject, jobs: number): Promise<number> {
  const began = performance.now();
  for (let start = 0; start < jobs; start += BATCH) {
    const size = Math.min(BATCH, jobs - start);
    await ledger.submitMany(
      Array.from({ length: size }, (_, n) => ({ kind: "noop", input: input(start + n) })),
    );
  }
  return perSecond(jobs, began);
}

/**
 * Jobs a second through the bare statement of the turn: two turn loops with half the slots each, no
 * worker.
 */
export async function processBare({ ledger }: Subject, jobs: number): Promise<number> {
  const worker = newId();
  await ledger.register({
    id: worker,
    name: "bare",
    host: "bench",
    pid: process.pid,
    queues: [],
    kinds: ["noop"],
    concurrency: SLOTS,
    embedded: true,
  });
  let settled = 0;
  let cursor: Cursor | null = null;
  const loop = async (): Promise<void> => {
    let settlements: Settlement[] = [];
    do {
      const turn = await ledger.turn(settlements, {
        worker_id: worker,
        queue: "default",
        kinds: ["noop"],
        limit: SLOTS / 2,
        after: cursor,
      });
      settled += turn.receipts.length;
      cursor = furthest(cursor, turn.cursor);
      settlements = turn.claimed.map((job) => ({
        job_id: job.id,
        attempt: job.attempt,
        worker_id: worker,
        outcome: { type: "completed", output: '{"ok":true}' },
      }));
    } while (settlements.length > 0 || settled < jobs - SLOTS);
  };
  const began = performance.now();
  await Promise.all([loop(), loop()]);
  const rate = perSecond(settled, began);
  await ledger.deregister(worker);
  return rate;
}

function furthest(a: Cursor | null, b: Cursor | null): Cursor | null {
  if (a === null || b === null) return b ?? a;
  const position = (cursor: Cursor) =>
    `${String(cursor.priority + 32_768).padStart(5, "0")} ${cursor.ready_at} ${cursor.id}`;
  return position(a) > position(b) ? a : b;
}

export interface Processed {
  readonly perSecond: number;
  readonly roundTripsPerJob: number;
  readonly rssMiBBefore: number;
  readonly rssMiBAfter: number;
}

/**
 * Jobs a second through one real worker with 100 slots, from its start until the last job is
 * settled.
 */
export async function processByWorker(subject: Subject, jobs: number): Promise<Processed> {
  const worker = startable(subject);
  const rssMiBBefore = rssMiB();
  const trips = subject.roundTrips();
  ran = 0;
  const began = performance.now();
  await worker.start();
  await untilDone(subject, jobs);
  const rate = perSecond(jobs, began);
  const roundTripsPerJob = (subject.roundTrips() - trips) / jobs;
  const rssMiBAfter = rssMiB();
  await worker.stop();
  return { perSecond: rate, roundTripsPerJob, rssMiBBefore, rssMiBAfter };
}

function startable({ ledger, url, dataDir }: Subject) {
  return createWorker({
    ledger,
    definitions: [noop],
    concurrency: SLOTS,
    queues: [],
    dataDir: join(dataDir, "worker"),
    leaseSeconds: 30,
    heartbeat: url === null ? { mode: "inline" } : { mode: "thread", databaseUrl: url },
    logger: pino({ level: "silent" }),
  });
}

/**
 * Queries the database only after every handler has run: with an old transaction open, each query
 * walks over all dead rows.
 */
async function untilDone({ database }: Subject, jobs: number): Promise<void> {
  const deadline = performance.now() + 600_000;
  while (performance.now() < deadline) {
    if (ran >= jobs) {
      const { rows } = await database.query<{ left: boolean }>(
        "select exists (select from lockstep.running_jobs) or exists (select from lockstep.jobs where ready_at is not null) as left",
      );
      if (rows[0]?.left === false) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${jobs} jobs were not processed in ten minutes`);
}

export interface Latency {
  readonly startP50Ms: number;
  readonly startP99Ms: number;
  readonly settledP50Ms: number;
  readonly settledP99Ms: number;
}

/** Submit to handler start, and claim to settled, of single jobs on an idle system. */
export async function idleLatency(subject: Subject, jobs: number): Promise<Latency> {
  const starts: number[] = [];
  const settles: number[] = [];
  let began = 0;
  const timed = defineJob({
    kind: "noop",
    input: z.looseObject({}),
    run: () => {
      starts.push(performance.now() - began);
      return { ok: true };
    },
  });
  const { ledger, url, dataDir } = subject;
  const worker = createWorker({
    ledger,
    definitions: [timed],
    concurrency: SLOTS,
    queues: [],
    dataDir: join(dataDir, "worker"),
    leaseSeconds: 30,
    heartbeat: url === null ? { mode: "inline" } : { mode: "thread", databaseUrl: url },
    logger: pino({ level: "silent" }),
  });
  await worker.start();
  for (let n = 0; n < jobs; n++) {
    began = performance.now();
    const { job } = await ledger.submit({ kind: "noop", input: input(n) });
    const done = await ledger.wait(job.id, { timeoutMs: 10_000 });
    settles.push(Date.parse(done?.finished_at ?? "") - Date.parse(done?.started_at ?? ""));
  }
  await worker.stop();
  return {
    startP50Ms: quantile(starts, 0.5),
    startP99Ms: quantile(starts, 0.99),
    settledP50Ms: quantile(settles, 0.5),
    settledP99Ms: quantile(settles, 0.99),
  };
}

function perSecond(jobs: number, began: number): number {
  return (jobs / (performance.now() - began)) * 1_000;
}

function rssMiB(): number {
  return process.memoryUsage.rss() / 1_048_576;
}
