import { crashPoint } from "../crash-point.js";
import { type Database, type Queryable, sqlState } from "../database/index.js";
import { LockstepError } from "../errors.js";
import type { Job, SqlTransaction } from "../job/index.js";
import type { ArchivedJobs } from "./archived-jobs.js";
import { createCoalescedInserts, type InsertResult } from "./coalesced-inserts.js";
import { foreignRunner } from "./foreign-runner.js";
import { createKeyTurns } from "./key-turns.js";
import type { SubmitManyOptions, SubmitOptions, SubmitRequest, Submitted } from "./ledger.js";
import {
  type InsertedRow,
  insertAlikeParameters,
  insertedJob,
  insertParameter,
  isKeyed,
  keysOf,
  type NewJob,
  newJob,
  withSharedKey,
} from "./request.js";
import { statement } from "./statements.js";
import type { WakeUpBus } from "./wake-up-bus.js";

export const BATCH_JOBS_MAX = 10_000;
const LOCK_TIMED_OUT = "55P03";
/** Half of the default pool: the other half is for what no key can block. */
const KEYED_SUBMITS_AT_ONCE = 5;

type Runner = Pick<Queryable, "query">;

/** A row of `submit_keyed.sql`. */
interface KeyedRow extends Pick<InsertedRow, "run_at" | "ready_at" | "created_at"> {
  readonly id: string;
  readonly job_id: string | null;
  readonly result: "inserted" | "idempotency_key" | "unique_key" | "mismatch" | "contended";
}

export interface Submitter {
  submit(request: SubmitRequest, options?: SubmitOptions): Promise<Submitted>;
  submitMany(requests: readonly SubmitRequest[], options?: SubmitManyOptions): Promise<readonly Submitted[]>;
}

/**
 * Submits jobs. Concurrent single submits without keys share inserts: a submit that arrives while
 * an insert is running goes into the next one. A submit with a key has its own statement, because
 * another transaction that holds the key makes it wait. Submits with the same key take turns, so
 * that they do not all wait there. Each caller is answered after the commit that holds its row.
 */
export function createSubmitter(database: Database, wakeUps: WakeUpBus, archived: ArchivedJobs): Submitter {
  const shared = createCoalescedInserts((jobs) => insertPlain(database, jobs));
  const inTurn = createKeyTurns({ atOnce: KEYED_SUBMITS_AT_ONCE, isHeld: isKeyInUse });
  const context = { wakeUps, archived, schema: database.schema };
  const noted = new Set<string>();
  // The list of queues shows an idle queue, too. No claim depends on it, so a failure is ignored.
  const noteQueues = async (outcomes: readonly InsertResult[]): Promise<void> => {
    const names = [...new Set(outcomes.map(({ submitted }) => submitted.job.queue))];
    const fresh = names.filter((name) => !noted.has(name)).sort();
    if (fresh.length === 0) return;
    for (const name of fresh) noted.add(name);
    await database.query(statement("add_queues"), [fresh]).catch(() => {
      for (const name of fresh) noted.delete(name);
    });
  };
  return {
    async submit(request, options = {}) {
      const job = newJob(request, options.actor ?? "library");
      if (options.tx) return only(await submitWith(options.tx, [job], context));
      const outcome = isKeyed(job)
        ? only(await inTurn(keysOf(job), () => insertAll({ runner: database, archived }, [job])))
        : await shared(job);
      crashPoint("submit: committed, not answered");
      announce(wakeUps, [outcome]);
      await noteQueues([outcome]);
      return outcome.submitted;
    },
    async submitMany(requests, options = {}) {
      assertBatchSize(requests.length);
      const checked = requests.map((request, index) =>
        newJob(request, options.actor ?? "library", `/jobs/${index}`),
      );
      const { idempotencyKey } = options;
      const jobs = idempotencyKey === undefined ? checked : withSharedKey(checked, requests, idempotencyKey);
      if (options.tx) return submitWith(options.tx, jobs, context);
      const insert = () => database.transaction((tx) => insertAll({ runner: tx, archived }, jobs));
      const inserted = await (jobs.some(isKeyed) ? inTurn(jobs.flatMap(keysOf), insert) : insert());
      crashPoint("submit: committed, not answered");
      announce(wakeUps, inserted);
      await noteQueues(inserted);
      return inserted.map((outcome) => outcome.submitted);
    },
  };
}

function assertBatchSize(jobs: number): void {
  if (jobs <= BATCH_JOBS_MAX) return;
  throw new LockstepError("INVALID_INPUT", `A batch holds at most ${BATCH_JOBS_MAX} jobs.`, {
    issues: [{ pointer: "/jobs", detail: `holds ${jobs} jobs, over the limit of ${BATCH_JOBS_MAX}` }],
  });
}

interface SubmitContext {
  readonly wakeUps: WakeUpBus;
  readonly archived: ArchivedJobs;
  readonly schema: string;
}

async function submitWith(
  tx: SqlTransaction,
  jobs: readonly NewJob[],
  { wakeUps, archived, schema }: SubmitContext,
): Promise<readonly Submitted[]> {
  const runner = foreignRunner(tx, schema);
  const inserted = await insertAll({ runner, archived }, jobs);
  const ready = inserted.flatMap((outcome) => (outcome.ready ? [{ ...outcome.ready, ready_at: null }] : []));
  if (ready.length > 0) await wakeUps.announceWith(runner, ready);
  return inserted.map((outcome) => outcome.submitted);
}

interface InsertContext {
  readonly runner: Runner;
  readonly archived: ArchivedJobs;
}

/**
 * Inserts jobs, and finds the existing jobs of those whose keys are taken. The result is in the
 * order of `jobs`.
 * @throws LockstepError IDEMPOTENCY_MISMATCH, UNIQUE_KEY_TAKEN, KEY_IN_USE
 */
async function insertAll(context: InsertContext, jobs: readonly NewJob[]): Promise<InsertResult[]> {
  const keyed = jobs.filter(isKeyed);
  if (keyed.length === 0) return insertPlain(context.runner, jobs);
  const results = new Map((await insertKeyed(context, keyed)).map((result, at) => [keyed[at]?.id, result]));
  const plain = jobs.filter((job) => !isKeyed(job));
  const rest = await insertPlain(context.runner, plain);
  plain.forEach((job, at) => {
    const result = rest[at];
    if (result) results.set(job.id, result);
  });
  return jobs.flatMap((job) => results.get(job.id) ?? []);
}

/** Inserts jobs without keys. */
export async function insertPlain(runner: Runner, jobs: readonly NewJob[]): Promise<InsertResult[]> {
  if (jobs.length === 0) return [];
  crashPoint("submit: before the insert");
  const rows = await insertedRows(runner, jobs);
  crashPoint("submit: inserted");
  return jobs.map((job, at) => {
    const row = rows(job, at);
    if (row === undefined) throw new LockstepError("INTERNAL", "An insert returned no row for a job.");
    return inserted(job, row);
  });
}

async function insertedRows(
  runner: Runner,
  jobs: readonly NewJob[],
): Promise<(job: NewJob, at: number) => InsertedRow | undefined> {
  const alike = insertAlikeParameters(jobs);
  if (alike) {
    const { rows } = await runner.query<InsertedRow>(statement("insert_alike"), alike);
    return () => rows[0];
  }
  const { rows } = await runner.query<InsertedRow & { readonly id: string }>(statement("insert_jobs"), [
    insertParameter(jobs),
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return (job) => byId.get(job.id);
}

function inserted(job: NewJob, row: InsertedRow): InsertResult {
  return {
    submitted: { job: insertedJob(job, row), deduplicated: null },
    ready:
      row.ready_at === null ? null : { queue: job.queue, priority: job.priority, ready_at: row.ready_at },
  };
}

async function insertKeyed(context: InsertContext, jobs: readonly NewJob[]): Promise<InsertResult[]> {
  crashPoint("submit: before the insert");
  const { rows } = await context.runner
    .query<KeyedRow>(statement("submit_keyed"), [insertParameter(jobs)])
    .catch((error: unknown) => {
      throw causedBy(error, LOCK_TIMED_OUT) ? keyInUse(jobs, error) : error;
    });
  crashPoint("submit: inserted");
  const byId = new Map(rows.map((row) => [row.id, row]));
  const existing = await readExisting(
    context,
    rows.flatMap((row) => (row.result !== "inserted" && row.job_id ? [row.job_id] : [])),
  );
  return jobs.map((job) => {
    const row = byId.get(job.id);
    if (row?.result === "inserted") return inserted(job, row);
    if (row?.result === "mismatch")
      throw new LockstepError(
        "IDEMPOTENCY_MISMATCH",
        `The idempotency key was used before with another request (job ${row.job_id}).`,
      );
    const found = row?.job_id ? existing.get(row.job_id) : undefined;
    if (row === undefined || row.result === "contended" || found === undefined) throw keysChangedHands(job);
    return { submitted: { job: found, deduplicated: row.result }, ready: null };
  });
}

/** Reads jobs by id, archived ones too. */
async function readExisting(
  { runner, archived }: InsertContext,
  ids: readonly string[],
): Promise<Map<string, Job>> {
  if (ids.length === 0) return new Map();
  const { rows } = await runner.query<Job>(statement("get_jobs"), [ids]);
  const found = new Map(rows.map((job) => [job.id, job]));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  for (const row of await archived.rows(missing, runner)) found.set(row.id, await archived.toJob(row));
  return found;
}

/** Whether the server's own error, which may be the cause of ours, has this SQLSTATE. */
function causedBy(error: unknown, state: string): boolean {
  return sqlState(error) === state || (error instanceof Error && sqlState(error.cause) === state);
}

function isKeyInUse(error: unknown): boolean {
  return error instanceof LockstepError && error.code === "KEY_IN_USE";
}

function keyInUse(jobs: readonly NewJob[], cause: unknown): LockstepError {
  const kinds = [...new Set(jobs.map((job) => job.kind))].join(", ");
  return new LockstepError(
    "KEY_IN_USE",
    `Another transaction that has not ended yet holds a key of the new ${kinds} job. Nothing was submitted. Try again.`,
    { cause, retryAfterSeconds: 1 },
  );
}

function keysChangedHands(job: NewJob): LockstepError {
  return new LockstepError(
    "UNIQUE_KEY_TAKEN",
    `Other jobs kept taking and releasing the keys of the new ${job.kind} job. Submit it again.`,
  );
}

function announce(wakeUps: WakeUpBus, outcomes: readonly InsertResult[]): void {
  wakeUps.announce({ ready: outcomes.flatMap((outcome) => (outcome.ready ? [outcome.ready] : [])) });
}

function only<T>(results: readonly T[]): T {
  const [first] = results;
  if (first === undefined) throw new LockstepError("INTERNAL", "An insert of one job returned no row.");
  return first;
}
