import type { Figures } from "../report.js";
import { quantile } from "../report.js";
import { inputOf, type OpenContender } from "./contender.js";
import { type Reading, read, spent, walBytes } from "./meter.js";
import type { Order } from "./order.js";
import { startCpuProfile } from "./profiler.js";

const BATCH = 1_000;
const CALLERS = 64;
const POLL_MS = 10;
const VISIBLE_POLL_MS = 1;
const GIVE_UP_MS = 300_000;

/** How fast it accepts jobs. */
export async function measureSubmit(open: OpenContender, order: Order): Promise<Figures> {
  const { jobs, singles } = order.sizes;
  const started = read(order.pids);
  await submitSingly(open, singles);
  const between = read(order.pids);
  const wal = await walBytes(order.databaseUrl);
  const stopProfile = order.cpuProfile ? startCpuProfile(order.cpuProfile) : null;
  const batchesStarted = read(order.pids);
  for (let start = 0; start < jobs; start += BATCH) {
    const size = Math.min(BATCH, jobs - start);
    await open.submitMany(Array.from({ length: size }, (_, n) => inputOf(start + n)));
  }
  const batch = spent(jobs, batchesStarted, read(order.pids));
  const single = spent(singles, started, between);
  stopProfile?.();
  return {
    ...(singles > 0 ? { "submit/s, 64 callers": single.perSecond } : {}),
    "submit/s, batches of 1,000": batch.perSecond,
    "submit in batches: CPU microseconds a job, client": batch.cpu.process ?? Number.NaN,
    "submit in batches: CPU microseconds a job, PostgreSQL": batch.cpu.PostgreSQL ?? Number.NaN,
    "submit in batches: WAL bytes a job": ((await walBytes(order.databaseUrl)) - wal) / jobs,
  };
}

async function submitSingly(open: OpenContender, jobs: number): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (next < jobs) await open.submitOne(inputOf(next++));
    }),
  );
}

/**
 * Processes what was submitted, with a worker in this process. Rate and CPU are measured after a
 * tenth of the jobs, so that they do not include the start of the worker and of its connections.
 */
export async function measureWork(open: OpenContender, order: Order): Promise<Figures> {
  const jobs = order.sizes.jobs + order.sizes.singles;
  const early = Math.ceil(jobs / 10);
  const wal = await walBytes(order.databaseUrl);
  let ran = 0;
  let stopProfile: (() => void) | null = null;
  let from: Reading | null = null;
  await open.work(() => {
    ran++;
    if (ran !== early) return;
    if (order.cpuProfile) stopProfile = startCpuProfile(order.cpuProfile);
    from = read(order.pids);
  });
  await until("everything is processed", async () => ran >= jobs && (await open.isEmpty()));
  const to = read(order.pids);
  (stopProfile as (() => void) | null)?.();
  const { perSecond, cpu } = spent(jobs - early, from ?? to, to);
  return {
    "processed/s": perSecond,
    "CPU microseconds a job, worker": cpu.process ?? Number.NaN,
    "CPU microseconds a job, PostgreSQL": cpu.PostgreSQL ?? Number.NaN,
    "CPU microseconds a job, Redis": cpu.Redis ?? Number.NaN,
    "WAL bytes a job, claim and settle": ((await walBytes(order.databaseUrl)) - wal) / jobs,
    "worker RSS MiB": process.memoryUsage.rss() / 1_048_576,
  };
}

/**
 * From the submit to the start of the handler, and to the time at which a reader sees it completed.
 */
export async function measureLatency(open: OpenContender, { sizes: { latencies } }: Order): Promise<Figures> {
  const starts: number[] = [];
  const visible: number[] = [];
  let began = 0;
  await open.work(() => starts.push(performance.now() - began));
  // The first jobs open connections and warm up the code.
  for (let n = -20; n < latencies; n++) {
    began = performance.now();
    const id = await open.submitOne(inputOf(n));
    await until("a job is done", () => open.isVisiblyDone(id), VISIBLE_POLL_MS);
    if (n >= 0) visible.push(performance.now() - began);
  }
  return {
    "submit to start p50 ms": quantile(starts.slice(-latencies), 0.5),
    "submit to start p99 ms": quantile(starts.slice(-latencies), 0.99),
    "submit to visible completion p50 ms": quantile(visible, 0.5),
    "submit to visible completion p99 ms": quantile(visible, 0.99),
  };
}

async function until(what: string, condition: () => Promise<boolean>, everyMs = POLL_MS): Promise<void> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`five minutes were not enough until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
