import type { Database } from "../database/index.js";
import type { LiveWorkers, WorkerInfo } from "./read-models.js";
import { statement } from "./statements.js";
import type {
  ClaimedJob,
  HeldAttempt,
  ProgressWrite,
  StopRequest,
  WorkerRegistration,
} from "./worker-ledger.js";

/** @see WorkerLedger.register */
export async function registerWorker(database: Database, worker: WorkerRegistration): Promise<void> {
  const { id, name, host, pid, queues, kinds, concurrency, embedded, key_id = null } = worker;
  await database.query(statement("register_worker"), [
    id,
    name,
    host,
    pid,
    queues,
    kinds,
    concurrency,
    embedded,
    key_id,
  ]);
}

/** @see WorkerLedger.workerKey */
export async function readWorkerKey(
  database: Database,
  workerId: string,
): Promise<string | null | undefined> {
  const { rows } = await database.query<{ key_id: string | null }>(statement("worker_key"), [workerId]);
  return rows[0]?.key_id;
}

/** @see WorkerLedger.identity */
export async function readIdentity(database: Database): Promise<string> {
  const { rows } = await database.query<{ id: string }>(statement("ledger_identity"));
  const [row] = rows;
  if (row === undefined) throw new Error("the ledger has no identity; is the schema complete?");
  return row.id;
}

export async function heartbeat(database: Database, workerId: string): Promise<boolean> {
  const { rows } = await database.query(statement("heartbeat"), [workerId]);
  return rows.length === 1;
}

export async function readStopRequests(
  database: Database,
  workerId: string,
  held: readonly HeldAttempt[],
): Promise<StopRequest[]> {
  if (held.length === 0) return [];
  const ids = held.map((attempt) => attempt.job_id);
  const attempts = held.map((attempt) => attempt.attempt);
  return (await database.query<StopRequest>(statement("stop_requests"), [workerId, ids, attempts])).rows;
}

/** Every job that runs in a worker's name, for a worker that lost the answer of a turn. */
export async function readHeldBy(database: Database, workerId: string): Promise<ClaimedJob[]> {
  return (await database.query<ClaimedJob>(statement("held_by"), [workerId])).rows;
}

/**
 * Writes progress and log lines.
 * @returns the attempts whose write was refused
 */
export async function report(
  database: Database,
  workerId: string,
  writes: readonly ProgressWrite[],
): Promise<HeldAttempt[]> {
  if (writes.length === 0) return [];
  const rows = writes.map(({ job_id, attempt, progress, logs }) => ({
    i: job_id,
    a: attempt,
    p: progress,
    l: logs,
  }));
  const { rows: taken } = await database.query<{ id: string }>(statement("report"), [
    workerId,
    JSON.stringify(rows),
  ]);
  const ids = new Set(taken.map((row) => row.id));
  return writes.filter((write) => !ids.has(write.job_id)).map(({ job_id, attempt }) => ({ job_id, attempt }));
}

export async function listWorkers(database: Database, leaseSeconds: number): Promise<WorkerInfo[]> {
  return (await database.query<WorkerInfo>(statement("list_workers"), [leaseSeconds, null])).rows;
}

export async function readWorker(
  database: Database,
  leaseSeconds: number,
  id: string,
): Promise<WorkerInfo | null> {
  return (await database.query<WorkerInfo>(statement("list_workers"), [leaseSeconds, id])).rows[0] ?? null;
}

export async function countLiveWorkers(database: Database, leaseSeconds: number): Promise<LiveWorkers> {
  const { rows } = await database.query<{ kind: string | null; workers: number }>(statement("live_workers"), [
    leaseSeconds,
  ]);
  return {
    total: rows.find((row) => row.kind === null)?.workers ?? 0,
    byKind: new Map(rows.flatMap(({ kind, workers }) => (kind === null ? [] : [[kind, workers] as const]))),
  };
}
