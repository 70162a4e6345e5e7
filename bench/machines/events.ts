import { setTimeout as delay } from "node:timers/promises";
import { newId } from "lockstep/internal/job";
import type { ClaimedJob } from "lockstep/internal/ledger";
import { startPostgres } from "../../tests/servers/postgres.js";
import { startRedis } from "../../tests/servers/redis.js";
import { openSubject, type Subject } from "../ledger/subject.js";
import { type Figures, medians, printFigures, quantile } from "../report.js";
import { startServerChild } from "./server-child.js";

const TICK_MS = 25;
/** Not measured: a server that has just started compiles its code while it answers. */
const WARM_UP_MS = 2_000;

export interface EventsOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly rounds: number;
}

/**
 * Time from a transition's time in the log until a client of the event stream has it, at a given
 * rate of jobs.
 */
export async function benchEvents({ rate, seconds, rounds }: EventsOptions): Promise<void> {
  const postgres = await startPostgres({ settings: { shared_buffers: "512MB", max_wal_size: "4GB" } });
  const redis = await startRedis();
  try {
    const measured: Figures[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.error(`round ${round} of ${rounds}: ${rate} jobs/s for ${seconds} s`);
      const subject = await openSubject("postgres", postgres);
      measured.push(await oneRound(subject, redis.url, { rate, seconds }));
      await subject.close();
    }
    printFigures({ events: medians(measured) }, rounds);
  } finally {
    await redis.remove();
    await postgres.remove();
  }
}

async function oneRound(
  subject: Subject,
  redisUrl: string,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Figures> {
  const { dataDir, url: databaseUrl } = subject;
  const server = await startServerChild({ databaseUrl: databaseUrl ?? "", redisUrl, dataDir, constant: "" });
  const gone = new AbortController();
  const received: Received[] = [];
  const response = await fetch(`${server.url}/api/events`, { signal: gone.signal });
  const reading = readEvents(response, received).catch(() => undefined);
  const beganAtMs = Date.now();
  const began = performance.now();
  const jobs = await putThrough(subject, rate, seconds + WARM_UP_MS / 1_000);
  const tookSeconds = (performance.now() - began) / 1_000;
  for (
    const deadline = performance.now() + 30_000;
    received.length < 3 * jobs && performance.now() < deadline;
  )
    await delay(TICK_MS);
  gone.abort();
  await reading;
  await server.stop();
  if (received.length !== 3 * jobs) throw new Error(`${received.length} events came for ${jobs} jobs`);
  const delays = received.filter(({ atMs }) => atMs >= beganAtMs + WARM_UP_MS).map(({ afterMs }) => afterMs);
  return {
    "jobs/s": jobs / tookSeconds,
    "events/s": received.length / tookSeconds,
    "commit to event p50 ms": quantile(delays, 0.5),
    "commit to event p99 ms": quantile(delays, 0.99),
    "commit to event, the longest, ms": quantile(delays, 1),
  };
}

/**
 * Submits at the rate, and settles in each turn what the previous turn claimed. @returns how many
 * jobs
 */
async function putThrough({ ledger }: Subject, rate: number, seconds: number): Promise<number> {
  const worker = newId();
  const kinds = ["noop"];
  await ledger.register({
    id: worker,
    name: "bench",
    host: "bench",
    pid: process.pid,
    queues: [],
    kinds,
    concurrency: 500,
    embedded: true,
  });
  const began = performance.now();
  let submitted = 0;
  let settled = 0;
  let held: readonly ClaimedJob[] = [];
  const submitting = (async () => {
    while (performance.now() - began < seconds * 1_000) {
      const due = Math.floor(((performance.now() - began) / 1_000) * rate) - submitted;
      if (due > 0)
        await ledger.submitMany(
          Array.from({ length: due }, () => ({ kind: "noop", input: { text: "x".repeat(80) } })),
        );
      submitted += Math.max(0, due);
      await delay(TICK_MS);
    }
    return true;
  })();
  let isOver = false;
  void submitting.then(() => {
    isOver = true;
  });
  while (!isOver || settled < submitted) {
    const settlements = held.map((job) => ({
      job_id: job.id,
      attempt: job.attempt,
      worker_id: worker,
      outcome: { type: "completed", output: '{"ok":true}' } as const,
    }));
    const { claimed, receipts } = await ledger.turn(settlements, {
      worker_id: worker,
      queue: "default",
      kinds,
      limit: 200,
      after: null,
    });
    settled += receipts.length;
    held = claimed;
    if (claimed.length === 0 && receipts.length === 0) await delay(5);
  }
  await submitting;
  return submitted;
}

interface Received {
  /** When the transition was made, by the database's clock, which is this machine's. */
  readonly atMs: number;
  readonly afterMs: number;
}

async function readEvents(response: Response, received: Received[]): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    const nowMs = performance.timeOrigin + performance.now();
    const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const at = /"at":"([^"]+)"/.exec(block);
      if (!block.includes("event: transition") || !at?.[1]) continue;
      const atMs = Date.parse(at[1]);
      received.push({ atMs, afterMs: nowMs - atMs });
    }
  }
}
