import type { Figures } from "../report.js";
import { quantile } from "../report.js";
import { inputOf, type OpenContender } from "./contender.js";

const BATCH = 1_000;
const CALLERS = 64;
const POLL_MS = 20;
const VISIBLE_POLL_MS = 1;
const GIVE_UP_MS = 300_000;

export interface Sizes {
  /** Submitted in batches, then processed in one go. */
  readonly jobs: number;
  /** Submitted one at a time by 64 callers. */
  readonly singles: number;
  /** Submitted one after the other to an idle system. */
  readonly latencies: number;
}

/** How fast it accepts jobs, and how fast it finishes them. */
export async function measureThroughput(open: OpenContender, { jobs, singles }: Sizes): Promise<Figures> {
  const singlesBegan = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (next < singles) await open.submitOne(inputOf(next++));
    }),
  );
  const single = perSecond(singles, singlesBegan);
  const batchesBegan = performance.now();
  for (let start = 0; start < jobs; start += BATCH) {
    const size = Math.min(BATCH, jobs - start);
    await open.submitMany(Array.from({ length: size }, (_, n) => inputOf(start + n)));
  }
  const batches = perSecond(jobs, batchesBegan);
  return {
    "submit/s, 64 callers": single,
    "submit/s, batches of 1,000": batches,
    ...(await processAll(open, jobs + singles)),
  };
}

/** Processes what was submitted, with a worker in this process. */
export async function processAll(open: OpenContender, jobs: number): Promise<Figures> {
  let ran = 0;
  const cpu = process.cpuUsage();
  const began = performance.now();
  await open.work(() => {
    ran++;
  });
  await until("everything is processed", async () => ran >= jobs && (await open.isEmpty()));
  const rate = perSecond(jobs, began);
  const { user, system } = process.cpuUsage(cpu);
  return {
    "processed/s": rate,
    "worker CPU microseconds a job": (user + system) / jobs,
    "worker RSS MiB": process.memoryUsage.rss() / 1_048_576,
  };
}

/**
 * From the submit to the start of the handler, and to the time at which a reader sees it completed.
 */
export async function measureLatency(open: OpenContender, { latencies }: Sizes): Promise<Figures> {
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

function perSecond(jobs: number, began: number): number {
  return (jobs / (performance.now() - began)) * 1_000;
}
