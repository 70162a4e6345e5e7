import type { Ledger, QueueStats, WorkerInfo } from "lockstep/internal/ledger";
import { withDeadline } from "lockstep/internal/timing";
import { Registry } from "prom-client";
import {
  createDriftGauge,
  createInstruments,
  createRedisInstruments,
  type Instruments,
  type RedisInstruments,
} from "./instruments.js";
import { meterLedger } from "./meter.js";
import { TransitionCounter } from "./transitions.js";

/**
 * A scrape is answered within this time, whatever the database does; Prometheus's default timeout
 * is 10 s.
 */
const ASK_MS_MAX = 3_000;
/** Several scrapes within this time share one reading. */
const FRESH_MS = 1_000;

export interface MetricsOptions {
  /** For reading only. */
  readonly ledger: Pick<Ledger, "feed" | "queues" | "workers" | "ping" | "maintenanceLeader">;
}

/** Source of the Redis metrics, by shape. */
interface RedisSource {
  readonly redis: { readonly isUp: boolean };
  readonly projector: {
    status(): { readonly lagSeconds: number | null; readonly completed: number };
  };
}

/** Source of the doctor's metrics, by shape. */
interface DriftSource {
  latest(): { readonly patterns: readonly { readonly pattern: string; readonly jobs: number }[] } | null;
}

interface SpoolSource {
  health(): { readonly spool_records: number };
}

/** The metrics of one process. */
export interface Metrics {
  readonly contentType: string;
  /** Begins to count transitions from now on. Otherwise the first scrape does. */
  start(): Promise<void>;
  /** The text of one scrape; answers within seconds, even while the database is down. */
  text(): Promise<string>;
  /**
   * Wraps a ledger so that its calls are counted. Pass the result to the server and the workers.
   */
  meter<L extends Ledger>(ledger: L): L;
  watchRedis(source: RedisSource): void;
  watchWorker(worker: SpoolSource): void;
  watchDoctor(source: DriftSource): void;
}

export function createMetrics({ ledger }: MetricsOptions): Metrics {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  const transitions = new TransitionCounter(ledger.feed, instruments);
  const workers: SpoolSource[] = [];
  let redis: (() => void) | null = null;
  let drift: (() => void) | null = null;
  let collecting: Promise<string> | null = null;
  let collectedAtMs = Number.NEGATIVE_INFINITY;

  async function collect(): Promise<string> {
    await reportLedger(ledger, transitions, instruments);
    instruments.spool.set(workers.reduce((sum, worker) => sum + worker.health().spool_records, 0));
    redis?.();
    drift?.();
    return await registry.metrics();
  }
  return {
    contentType: registry.contentType,
    start: () => transitions.count().catch(() => undefined), // The first scrape that reaches the database begins then.
    text() {
      if (collecting && performance.now() - collectedAtMs < FRESH_MS) return collecting;
      collectedAtMs = performance.now();
      collecting = collect();
      return collecting;
    },
    meter: (metered) => meterLedger(metered, instruments),
    watchWorker: (worker) => void workers.push(worker),
    watchDoctor(source) {
      const gauge = createDriftGauge(registry);
      drift = () => {
        gauge.reset();
        for (const { pattern, jobs } of source.latest()?.patterns ?? []) gauge.set({ pattern }, jobs);
      };
    },
    watchRedis(source) {
      const redisInstruments = createRedisInstruments(registry);
      let before = 0;
      redis = () => {
        before = reportRedis(source, redisInstruments, before);
      };
    },
  };
}

async function reportLedger(
  ledger: MetricsOptions["ledger"],
  transitions: TransitionCounter,
  instruments: Instruments,
): Promise<void> {
  const { jobs, oldest, heartbeatAge, leader, databaseUp } = instruments;
  const asked = Promise.all([
    ledger.queues(),
    ledger.workers(),
    ledger.maintenanceLeader(),
    transitions.count(),
  ]);
  // null when the database is down or too slow; the health page reports the reason.
  const answer = await withDeadline(
    asked.catch(() => null),
    { ms: ASK_MS_MAX, late: () => null },
  );
  databaseUp.set(answer === null ? 0 : 1);
  // Unknown values are omitted: an old depth would look like a queue that is stuck.
  for (const gauge of [jobs, oldest, heartbeatAge, leader]) gauge.reset();
  if (answer === null) return;
  for (const queue of answer[0]) reportQueue(queue, instruments);
  for (const worker of answer[1]) reportWorker(worker, instruments);
  const elected = answer[2];
  if (elected !== null) leader.set({ host: elected.host, pid: elected.pid }, 1);
}

function reportQueue(stats: QueueStats, { jobs, oldest }: Instruments): void {
  const { queue, pending, delayed, running, oldest_ready_at } = stats;
  jobs.set({ queue, status: "pending" }, pending + delayed);
  jobs.set({ queue, status: "running" }, running);
  const readyMs = oldest_ready_at === null ? Date.now() : Date.parse(oldest_ready_at);
  oldest.set({ queue }, Math.max(0, Date.now() - readyMs) / 1_000);
}

function reportWorker({ id, name, heartbeat_age_seconds }: WorkerInfo, { heartbeatAge }: Instruments): void {
  heartbeatAge.set({ worker: name, worker_id: id }, Math.max(0, heartbeat_age_seconds));
}

/** @returns how many completed jobs have been reported */
function reportRedis(
  { redis, projector }: RedisSource,
  redisInstruments: RedisInstruments,
  before: number,
): number {
  const { lagSeconds, completed } = projector.status();
  redisInstruments.redisUp.set(redis.isUp ? 1 : 0);
  redisInstruments.projected.inc(completed - before);
  if (lagSeconds === null) redisInstruments.feedLag.remove();
  else redisInstruments.feedLag.set(lagSeconds);
  return completed;
}
