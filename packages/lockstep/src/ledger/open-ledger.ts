import type { Database } from "../database/index.js";
import { createArchiveLedger } from "./archive.js";
import type { ReadArchive } from "./archive-ledger.js";
import { createArchivedJobs } from "./archived-jobs.js";
import { createBatchLedger } from "./batches.js";
import { cancelJob, requeueJob } from "./change.js";
import { createJobClaimer } from "./claim-job.js";
import { claimQueues } from "./claim-queues.js";
import { createDatabaseClock } from "./database-clock.js";
import { createDoctorWrites, type DoctorWrites } from "./doctor-writes.js";
import { readLeader } from "./election.js";
import { explainJob } from "./explain.js";
import { createFeed } from "./feed.js";
import { createKindLedger } from "./kinds.js";
import type { Ledger } from "./ledger.js";
import { readLimits, setLimit } from "./limits.js";
import { listJobs } from "./list.js";
import { Maintenance, type MaintenanceOptions } from "./maintenance.js";
import { createProjectionSource } from "./open-projection.js";
import type { ProjectionSource } from "./projection.js";
import { listQueues, queueNames, setPaused } from "./queues.js";
import {
  attemptsOf,
  createJobReader,
  createStatusReader,
  readLateResults,
  readLogs,
  readTransitions,
} from "./read.js";
import { createFileReferences } from "./references.js";
import { createScheduleLedger } from "./schedules.js";
import { statement } from "./statements.js";
import { readLatencies, readStats } from "./stats.js";
import { createSubmitter } from "./submit.js";
import { commitWith, turn } from "./turn.js";
import { waitForJob } from "./wait.js";
import { openWakeUpBus } from "./wake-up-bus.js";
import type { WakeUpTransport } from "./wake-up-transport.js";
import {
  countLiveWorkers,
  heartbeat,
  listWorkers,
  readHeldBy,
  readIdentity,
  readStopRequests,
  readWorker,
  readWorkerKey,
  registerWorker,
  report,
} from "./workers.js";

const LEASE_SECONDS_DEFAULT = 30;

export interface LedgerOptions {
  /** Seconds without a heartbeat until a worker counts as lost. Default 30. */
  readonly leaseSeconds?: number;
  /** What carries wake-ups between processes. Default: NOTIFY. */
  readonly wakeUpTransport?: WakeUpTransport;
  /** Reads records of archived jobs. Default: no record can be read. */
  readonly readArchive?: ReadArchive;
}

export interface OpenLedger extends Ledger {
  /** The loops that take back lost jobs and promote delayed ones. */
  createMaintenance(options?: Partial<MaintenanceOptions>): Maintenance;
  /** What a copy of the ledger is built from. */
  readonly projection: ProjectionSource;
  /** The doctor's writes to Lockstep's own stores. */
  readonly doctorWrites: DoctorWrites;
}

/**
 * Opens the ledger on a migrated database. The caller owns the database and closes it after the
 * ledger.
 */
export function openLedger(database: Database, options: LedgerOptions = {}): OpenLedger {
  const leaseSeconds = options.leaseSeconds ?? LEASE_SECONDS_DEFAULT;
  const wakeUps = openWakeUpBus(database, options.wakeUpTransport);
  const archived = createArchivedJobs(database, options.readArchive ?? (async () => null));
  const read = createJobReader(database, archived);
  const clock = createDatabaseClock(database);
  const submitter = createSubmitter(database, wakeUps, archived);
  return {
    feed: createFeed(database),
    wakeUps,
    archive: createArchiveLedger(database),
    references: createFileReferences(database),
    batches: createBatchLedger(database, wakeUps, archived),
    kinds: createKindLedger(database),
    schedules: createScheduleLedger(database, wakeUps, submitter),
    ...submitter,
    get: read,
    status: createStatusReader(database, archived),
    wait: (id, wait) => waitForJob(read, wakeUps, id, wait),
    list: (filter) => listJobs(database, filter),
    transitions: (id) => readTransitions(database, archived, id),
    attempts: async (id) => attemptsOf(await readTransitions(database, archived, id)),
    lateResults: (id) => readLateResults(database, archived, id),
    logs: (id, page) => readLogs(database, archived, id, page),
    explain: (id) => explainJob(database, id, leaseSeconds, archived),
    cancel: (id, change) => cancelJob(database, wakeUps, read, id, change),
    requeue: (id, change) => requeueJob(database, wakeUps, read, id, change),
    stats: () => readStats(database, leaseSeconds),
    latencies: () => readLatencies(database),
    queues: () => listQueues(database, leaseSeconds),
    queueNames: () => queueNames(database),
    setPaused: (queue, paused) => setPaused(database, wakeUps, queue, paused, leaseSeconds),
    limits: (queue) => readLimits(database, queue),
    setLimit: (queue, limit) => setLimit(database, wakeUps, queue, limit),
    workers: () => listWorkers(database, leaseSeconds),
    liveWorkers: () => countLiveWorkers(database, leaseSeconds),
    worker: (id) => readWorker(database, leaseSeconds, id),
    maintenanceLeader: () => readLeader(database),
    identity: () => readIdentity(database),
    workerKey: (workerId) => readWorkerKey(database, workerId),
    register: (worker) => registerWorker(database, worker),
    heartbeat: (workerId) => heartbeat(database, workerId),
    setDraining: async (workerId) => void (await database.query(statement("drain_worker"), [workerId])),
    deregister: async (workerId) => void (await database.query(statement("delete_worker"), [workerId])),
    turn: (settlements, claim) => turn(database, wakeUps, settlements, claim),
    claimQueues: (claim) => claimQueues(database, wakeUps, claim),
    claimJob: createJobClaimer(database, wakeUps),
    stopRequests: (workerId, held) => readStopRequests(database, workerId, held),
    heldBy: (workerId) => readHeldBy(database, workerId),
    report: (workerId, writes) => report(database, workerId, writes),
    commitWith: (attempt, write) => commitWith(database, wakeUps, attempt, write),
    ping: clock.measure,
    clock,
    createMaintenance: (maintenance = {}) =>
      new Maintenance(database, wakeUps, { leaseSeconds, ...maintenance }),
    projection: createProjectionSource(database),
    doctorWrites: createDoctorWrites(database),
    close: () => wakeUps.close(),
  };
}
