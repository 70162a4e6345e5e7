import { crashPoint } from "../crash-point.js";
import { type Database, type Queryable, sqlState } from "../database/index.js";
import { LockstepError } from "../errors.js";
import type { Job, SqlTransaction } from "../job/index.js";
import type { ArchivedJobs } from "./archived-jobs.js";
import { createCoalescedInserts, type InsertResult } from "./coalesced-inserts.js";
import type { SubmitManyOptions, SubmitOptions, SubmitRequest, Submitted } from "./ledger.js";
import {
  type InsertedRow,
  insertedJob,
  insertParameter,
  type NewJob,
  newJob,
  withSharedKey,
} from "./request.js";
import { statement } from "./statements.js";
import type { WakeUpBus } from "./wake-up-bus.js";

export const BATCH_JOBS_MAX = 10_000;
const CONFLICT_RETRIES_MAX = 5;
/**
 * Raised by the trigger of migration 0003: the job that holds the key was archived after the insert
 * took its snapshot and before it wrote its index entry.
 */
const KEY_WAS_ARCHIVED = "LS002";

type FoundJob = Job & { readonly idempotency_key: string | null; readonly request_hash: string | null };
type Runner = Pick<Queryable, "query">;

export interface Submitter {
  submit(request: SubmitRequest, options?: SubmitOptions): Promise<Submitted>;
  submitMany(requests: readonly SubmitRequest[], options?: SubmitManyOptions): Promise<readonly Submitted[]>;
}

/**
 * Submits jobs. Concurrent single submits share inserts: a submit that arrives while an insert is
 * running goes into the next one. Each caller is answered after the commit that holds its row.
 */
export function createSubmitter(database: Database, wakeUps: WakeUpBus, archived: ArchivedJobs): Submitter {
  const knownQueues = new Set<string>();
  const shared = createCoalescedInserts((jobs) => insertAll({ runner: database, archived }, jobs));

  // Uses its own connection even for a caller's transaction, because the new queue row would make
  // every other submit wait for that commit. The embedded database has only one connection, and it
  // may be inside that transaction.
  const prepare = async (jobs: readonly NewJob[], tx?: Runner): Promise<void> => {
    const queues = [...new Set(jobs.map((job) => job.queue))]
      .filter((queue) => !knownQueues.has(queue))
      .sort();
    if (queues.length === 0) return;
    const runner = database.engine === "pglite" && tx ? tx : database;
    await runner.query(statement("add_queues"), [queues]);
    // Inside a transaction the rows may still be rolled back.
    if (runner === database) for (const queue of queues) knownQueues.add(queue);
  };

  return {
    async submit(request, options = {}) {
      const job = newJob(request, options.actor ?? "library");
      if (options.tx) return only(await submitWith(options.tx, [job], { wakeUps, prepare, archived }));
      await prepare([job]);
      const outcome = await shared(job);
      crashPoint("submit: committed, not answered");
      announce(wakeUps, [outcome]);
      return outcome.submitted;
    },
    async submitMany(requests, options = {}) {
      if (requests.length > BATCH_JOBS_MAX) {
        throw new LockstepError("INVALID_INPUT", `A batch holds at most ${BATCH_JOBS_MAX} jobs.`, {
          issues: [
            {
              pointer: "/jobs",
              detail: `holds ${requests.length} jobs, over the limit of ${BATCH_JOBS_MAX}`,
            },
          ],
        });
      }
      const checked = requests.map((request, index) =>
        newJob(request, options.actor ?? "library", `/jobs/${index}`),
      );
      const { idempotencyKey } = options;
      const jobs = idempotencyKey === undefined ? checked : withSharedKey(checked, requests, idempotencyKey);
      if (options.tx) return submitWith(options.tx, jobs, { wakeUps, prepare, archived });
      await prepare(jobs);
      const inserted = await retried(() =>
        database.transaction(async (tx) =>
          allOrNone(await insertAll({ runner: tx, archived, atomic: true }, jobs)),
        ),
      );
      crashPoint("submit: committed, not answered");
      announce(wakeUps, inserted);
      return inserted.map((outcome) => outcome.submitted);
    },
  };
}

interface SubmitContext {
  readonly wakeUps: WakeUpBus;
  readonly prepare: (jobs: readonly NewJob[], tx: Runner) => Promise<void>;
  readonly archived: ArchivedJobs;
}

async function submitWith(
  tx: SqlTransaction,
  jobs: readonly NewJob[],
  { wakeUps, prepare, archived }: SubmitContext,
): Promise<readonly Submitted[]> {
  const runner = foreignRunner(tx);
  await prepare(jobs, runner);
  const inserted = allOrNone(
    await insertAll({ runner, archived, atomic: true }, jobs).catch((error: unknown) => {
      throw sqlState(error) === KEY_WAS_ARCHIVED ? keysChangedHands(jobs) : error;
    }),
  );
  const ready = inserted.flatMap((outcome) => (outcome.ready ? [{ ...outcome.ready, ready_at: null }] : []));
  if (ready.length > 0) await wakeUps.announceWith(runner, ready);
  return inserted.map((outcome) => outcome.submitted);
}

/** Thrown inside the transaction, so that nothing of the batch stays. */
function allOrNone(outcomes: readonly (InsertResult | LockstepError)[]): InsertResult[] {
  return outcomes.map((outcome) => {
    if (outcome instanceof LockstepError) throw outcome;
    return outcome;
  });
}

/** The caller's own client may parse times in its own way; ours are read as text. */
function foreignRunner(tx: SqlTransaction): Runner {
  return {
    async query<Row>(sql: { text: string } | string, values?: readonly unknown[]) {
      const text = typeof sql === "string" ? sql : sql.text;
      const result = await tx.query(text, values as unknown[]);
      const rows = result.rows.map((row) => isoTimes(row as Record<string, unknown>)) as Row[];
      return { rows, rowCount: rows.length };
    },
  };
}

function isoTimes(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
}

/** Repeats one of our transactions when a key's job was archived at the same moment. */
async function retried<T>(transact: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round++) {
    try {
      return await transact();
    } catch (error) {
      if (sqlState(error) !== KEY_WAS_ARCHIVED || round >= CONFLICT_RETRIES_MAX) throw error;
    }
  }
}

interface InsertContext {
  readonly runner: Runner;
  readonly archived: ArchivedJobs;
  /** Inside a transaction, which one refused statement aborts completely. */
  readonly atomic?: boolean;
}

/**
 * Inserts jobs, then finds the existing jobs that hold the keys of those not inserted. The result
 * is in the order of `jobs`.
 */
async function insertAll(
  context: InsertContext,
  jobs: readonly NewJob[],
): Promise<(InsertResult | LockstepError)[]> {
  const outcomes = new Map<string, InsertResult | LockstepError>();
  let open = jobs;
  for (let round = 0; open.length > 0 && round < CONFLICT_RETRIES_MAX; round++) {
    const rows = await insertRows(context, open);
    const inserted = new Map(rows.map((row) => [row.id, row]));
    for (const job of open) {
      const row = inserted.get(job.id);
      if (row)
        outcomes.set(job.id, {
          submitted: { job: insertedJob(job, row), deduplicated: null },
          ready: row.ready_at === null ? null : row,
        });
    }
    const refused = open.filter((job) => !inserted.has(job.id));
    // An existing job that finished between the two statements frees its unique key: then the
    // insert is tried again.
    open = refused.length === 0 ? [] : await findWinners(context, refused, outcomes);
  }
  return jobs.map((job) => outcomes.get(job.id) ?? keysChangedHands([job]));
}

function keysChangedHands(jobs: readonly NewJob[]): LockstepError {
  const kinds = [...new Set(jobs.map((job) => job.kind))].join(", ");
  return new LockstepError(
    "UNIQUE_KEY_TAKEN",
    `Other jobs kept taking and releasing the keys of the new ${kinds} job. Submit it again.`,
  );
}

async function insertRows(
  { runner, atomic }: InsertContext,
  jobs: readonly NewJob[],
): Promise<readonly InsertedRow[]> {
  try {
    crashPoint("submit: before the insert");
    const { rows } = await runner.query<InsertedRow>(statement("insert_jobs"), [insertParameter(jobs)]);
    crashPoint("submit: inserted");
    return rows;
  } catch (error) {
    if (atomic || sqlState(error) !== KEY_WAS_ARCHIVED) throw error;
    // No row was inserted. The snapshot of the next round sees the archived key and leaves its job
    // out.
    return [];
  }
}

async function findWinners(
  { runner, archived }: InsertContext,
  refused: readonly NewJob[],
  outcomes: Map<string, InsertResult | LockstepError>,
): Promise<NewJob[]> {
  const unique = refused.filter((job) => job.unique_key !== null);
  const { rows } = await runner.query<FoundJob>(statement("find_submitted"), [
    refused.flatMap((job) => (job.idempotency_key === null ? [] : [job.idempotency_key])),
    unique.map((job) => job.kind),
    unique.map((job) => job.unique_key),
  ]);
  const byIdempotency = new Map(
    rows.flatMap((row) => (row.idempotency_key === null ? [] : [[row.idempotency_key, row] as const])),
  );
  const byUnique = new Map(
    rows.flatMap((row) =>
      row.idempotency_key === null && row.unique_key !== null
        ? [[`${row.kind} ${row.unique_key}`, row] as const]
        : [],
    ),
  );
  const open = refused.filter((job) => {
    const same = job.idempotency_key === null ? undefined : byIdempotency.get(job.idempotency_key);
    const live = same ? undefined : byUnique.get(`${job.kind} ${job.unique_key}`);
    if (same) outcomes.set(job.id, replayed(job, same));
    else if (live)
      outcomes.set(job.id, {
        submitted: { job: withoutKeys(live), deduplicated: "unique_key" },
        ready: null,
      });
    return !same && !live;
  });
  const keyed = open.filter((job) => job.idempotency_key !== null);
  if (keyed.length > 0) await findArchived({ runner, archived }, keyed, outcomes);
  return open.filter((job) => !outcomes.has(job.id));
}

async function findArchived(
  { runner, archived }: InsertContext,
  keyed: readonly NewJob[],
  outcomes: Map<string, InsertResult | LockstepError>,
): Promise<void> {
  const keys = keyed.flatMap((job) => (job.idempotency_key === null ? [] : [job.idempotency_key]));
  const rows = await archived.rowsByKey(keys, runner);
  const byKey = new Map(rows.map((row) => [row.idempotency_key, row]));
  for (const job of keyed) {
    const row = byKey.get(job.idempotency_key);
    if (row === undefined) continue;
    const { request_hash } = row;
    outcomes.set(job.id, replayed(job, { request_hash, ...(await archived.toJob(row)) }));
  }
}

function replayed(job: NewJob, found: Omit<FoundJob, "idempotency_key">): InsertResult | LockstepError {
  if (found.request_hash === job.request_hash)
    return { submitted: { job: withoutKeys(found), deduplicated: "idempotency_key" }, ready: null };
  return new LockstepError(
    "IDEMPOTENCY_MISMATCH",
    `The idempotency key was used before with another request (job ${found.id}).`,
  );
}

function withoutKeys(
  found: Job & { readonly idempotency_key?: string | null; readonly request_hash: string | null },
): Job {
  const { idempotency_key: _key, request_hash: _hash, ...job } = found;
  return job;
}

function announce(wakeUps: WakeUpBus, outcomes: readonly InsertResult[]): void {
  wakeUps.announce({ ready: outcomes.flatMap((outcome) => (outcome.ready ? [outcome.ready] : [])) });
}

function only(submitted: readonly Submitted[]): Submitted {
  const [first] = submitted;
  if (first === undefined) throw new LockstepError("INTERNAL", "An insert of one job returned no row.");
  return first;
}
