import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { Durations } from "./durations.js";

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];
const SETTLE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const BATCH_SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500];

export type Instruments = ReturnType<typeof createInstruments>;

/** Creates every metric, with its help text, except those that exist only when Redis is used. */
export function createInstruments(registry: Registry) {
  return { ...createOwnInstruments([registry]), ...createSystemInstruments([registry]) };
}

/** Metrics of this process. */
function createOwnInstruments(registers: Registry[]) {
  return {
    submitted: new Counter({
      name: "lockstep_jobs_submitted_total",
      help: "Jobs that this process recorded. A submit in a caller's transaction counts even if that is rolled back.",
      registers,
    }),
    wait: new Durations({
      name: "lockstep_job_wait_seconds",
      help: "Time from when a job was due until this process claimed it.",
      buckets: SECONDS,
      registers,
    }),
    run: new Durations({
      name: "lockstep_job_run_seconds",
      help: "Time from a claim until its outcome was settled, of attempts that this process claimed and settled.",
      buckets: SECONDS,
      registers,
    }),
    settle: new Histogram({
      name: "lockstep_settle_seconds",
      help: "How long the ledger took to commit a turn with outcomes in it.",
      buckets: SETTLE_SECONDS,
      registers,
    }),
    batch: new Histogram({
      name: "lockstep_settle_batch_size",
      help: "Outcomes in one turn.",
      buckets: BATCH_SIZES,
      registers,
    }),
    fenced: new Counter({
      name: "lockstep_fenced_writes_total",
      help: "Writes of attempts that no longer belonged to the writer; each was rejected, or its result kept beside the job.",
      registers,
    }),
    spool: new Gauge({
      name: "lockstep_spool_records",
      help: "Outcomes on this process's disk that the ledger has not acknowledged.",
      registers,
    }),
  };
}

/** Metrics of the whole system, which any server can report. */
function createSystemInstruments(registers: Registry[]) {
  return {
    transitions: new Counter({
      name: "lockstep_transitions_total",
      help: "Committed transitions of the whole system, each counted once, since this process started. Every server counts the same ones: take the maximum, not the sum, over instances.",
      labelNames: ["kind", "status", "reason"],
      registers,
    }),
    completed: new Counter({
      name: "lockstep_ledger_completed_total",
      help: "Jobs that the ledger shows as completed, of the whole system, since this process started: the maximum over instances.",
      registers,
    }),
    jobs: new Gauge({
      name: "lockstep_jobs",
      help: "Unfinished jobs by queue. 10,000 stands for 10,000 or more.",
      labelNames: ["queue", "status"],
      registers,
    }),
    oldest: new Gauge({
      name: "lockstep_queue_oldest_seconds",
      help: "How long the longest-waiting job has been claimable; 0 when no job waits.",
      labelNames: ["queue"],
      registers,
    }),
    heartbeatAge: new Gauge({
      name: "lockstep_worker_heartbeat_age_seconds",
      help: "Time since the last heartbeat of each registered worker.",
      labelNames: ["worker", "worker_id"],
      registers,
    }),
    leader: new Gauge({
      name: "lockstep_maintenance_leader",
      help: "1 for the process that takes back lost jobs and promotes delayed ones; absent when none is elected.",
      labelNames: ["host", "pid"],
      registers,
    }),
    databaseUp: new Gauge({
      name: "lockstep_database_up",
      help: "Whether the ledger's database answered this scrape.",
      registers,
    }),
  };
}

/** Jobs in drift at the doctor's latest check. */
export function createDriftGauge(registry: Registry) {
  return new Gauge({
    name: "lockstep_drift_jobs",
    help: "Jobs in drift at the latest check of the ledger against its copies; absent before the first one.",
    labelNames: ["pattern"],
    registers: [registry],
  });
}

export type RedisInstruments = ReturnType<typeof createRedisInstruments>;

export function createRedisInstruments(registry: Registry) {
  const registers = [registry];
  return {
    redisUp: new Gauge({ name: "lockstep_redis_up", help: "Whether Redis answers.", registers }),
    projected: new Counter({
      name: "lockstep_projected_completed_total",
      help: "Completed jobs that this process has projected to Redis. One process at a time projects: take the sum of rates over instances.",
      registers,
    }),
    feedLag: new Gauge({
      name: "lockstep_feed_lag_seconds",
      help: "How old the oldest transition of the last page was when it was projected; absent where another process projects.",
      registers,
    }),
  };
}
