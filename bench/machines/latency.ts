import { Queue, Worker } from "bullmq";
import { startPostgres } from "../../tests/servers/postgres.js";
import { startRedis } from "../../tests/servers/redis.js";
import { idleLatency } from "../ledger/load.js";
import { openSubject } from "../ledger/subject.js";
import { type Figures, medians, printFigures, quantile } from "../report.js";

const SLOTS = 100;

export interface LatencyOptions {
  readonly jobs: number;
  readonly rounds: number;
}

/**
 * Time from the submit until the handler starts, one job at a time on an idle system: Lockstep, and
 * BullMQ on a Redis in the same run.
 */
export async function benchLatency({ jobs, rounds }: LatencyOptions): Promise<void> {
  const postgres = await startPostgres();
  const redis = await startRedis();
  try {
    const measured: Figures[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.error(`round ${round} of ${rounds}, ${jobs} jobs one after the other`);
      const bull = await bullmqStarts(redis.url, jobs);
      const subject = await openSubject("postgres", postgres);
      const commitMs = await commitTime(subject.database, 50);
      const { startP50Ms, startP99Ms } = await idleLatency(subject, jobs);
      await subject.close();
      measured.push({
        "Lockstep, submit to start p50 ms": startP50Ms,
        "Lockstep, submit to start p99 ms": startP99Ms,
        "BullMQ, add to start p50 ms": quantile(bull, 0.5),
        "BullMQ, add to start p99 ms": quantile(bull, 0.99),
        "one durable commit of one row p50 ms": commitMs,
      });
    }
    printFigures({ latency: medians(measured) }, rounds);
  } finally {
    await redis.remove();
    await postgres.remove();
  }
}

/** The disk's share: Lockstep makes two such commits before a handler starts, BullMQ none. */
async function commitTime(
  database: { query(text: string): Promise<unknown> },
  commits: number,
): Promise<number> {
  await database.query("create table commits (n integer)");
  const times: number[] = [];
  for (let n = 0; n < commits; n++) {
    const began = performance.now();
    await database.query("insert into commits values (1)");
    times.push(performance.now() - began);
  }
  await database.query("drop table commits");
  return quantile(times, 0.5);
}

async function bullmqStarts(url: string, jobs: number): Promise<number[]> {
  const { hostname: host, port, password } = new URL(url);
  const connection = { host, port: Number(port), password, maxRetriesPerRequest: null };
  const queue = new Queue("idle", { connection });
  const starts: number[] = [];
  let began = 0;
  let ended: () => void = () => undefined;
  const worker = new Worker(
    "idle",
    async () => {
      starts.push(performance.now() - began);
      return { ok: true };
    },
    { connection, concurrency: SLOTS },
  );
  worker.on("completed", () => ended());
  await worker.waitUntilReady();
  for (let n = 0; n < jobs; n++) {
    const done = new Promise<void>((resolve) => {
      ended = resolve;
    });
    began = performance.now();
    await queue.add("noop", { n, text: "x".repeat(80) });
    await done;
  }
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  return starts;
}
