import { crashPoint } from "../crash-point.js";
import type { Database } from "../database/index.js";
import { LockstepError } from "../errors.js";
import { BATCH_NAME_CHARS_MAX, isId, NIL_ID, newId } from "../job/index.js";
import type { ArchivedJobs } from "./archived-jobs.js";
import {
  BATCH_MEMBERS_MAX,
  type Batch,
  type BatchLedger,
  type BatchPage,
  type BatchResult,
  type NewBatch,
} from "./batch.js";
import { cancelBatch, retryBatch } from "./change-batch.js";
import type { InsertResult } from "./coalesced-inserts.js";
import { databaseTime } from "./database-clock.js";
import { onePerPosition } from "./ready-positions.js";
import { type NewJob, newJob } from "./request.js";
import { statement } from "./statements.js";
import { insertPlain } from "./submit.js";
import type { WakeUpBus } from "./wake-up-bus.js";

/** Rows per insert. Several inserts share the batch's transaction. */
const INSERT_JOBS_MAX = 5_000;
/** Jobs validated before the event loop gets a turn for other work. */
const CHECK_JOBS_MAX = 1_000;
const SKIPPED_LINES_KEPT_MAX = 100;
const RESULTS_PAGE_MAX = 500;

type BatchRow = Omit<Batch, "counts" | "progress" | "source"> & Batch["counts"];

export function createBatchLedger(
  database: Database,
  wakeUps: WakeUpBus,
  archived: ArchivedJobs,
): BatchLedger {
  const read = async (ids: readonly string[] | null, before: string | null, limit: number) =>
    (await database.query<BatchRow>(statement("list_batches"), [ids, before, limit])).rows;
  const get = async (id: string): Promise<Batch | null> => {
    const [row] = isId(id) ? await read([id], null, 1) : [];
    return row === undefined ? null : toBatch(row);
  };
  const existing = async (id: string): Promise<Batch> => {
    const batch = await get(id);
    if (batch === null) throw new LockstepError("BATCH_NOT_FOUND", `There is no batch ${id}.`);
    return batch;
  };

  return {
    async submit(asked, { actor }) {
      const id = newId();
      const jobs = await membersOf(asked, id, actor);
      const ready = await database.transaction(async (tx) => {
        const { rows } = await tx.query(
          statement("add_batch"),
          batchParameters(id, asked, jobs.length, actor),
        );
        if (rows.length === 0) return null;
        const inserted: InsertResult[] = [];
        for (let at = 0; at < jobs.length; at += INSERT_JOBS_MAX)
          inserted.push(...(await insertPlain(tx, jobs.slice(at, at + INSERT_JOBS_MAX))));
        return inserted.flatMap((result) => result.ready ?? []);
      });
      if (ready === null) return { batch: await existing(await replayedId(database, asked)), replayed: true };
      crashPoint("submit: committed, not answered");
      wakeUps.announce({ ready: onePerPosition(ready) });
      return { batch: await existing(id), replayed: false };
    },
    get,
    async list({ limit, cursor = null }): Promise<BatchPage> {
      if (cursor !== null && !isId(cursor))
        throw new LockstepError("INVALID_REQUEST", "The cursor was not returned by a list.", {
          issues: [{ pointer: "/cursor", detail: "is not a cursor" }],
        });
      const rows = await read(null, cursor, limit + 1);
      const batches = rows.slice(0, limit).map(toBatch);
      return {
        batches,
        next: rows.length > limit ? (batches.at(-1)?.id ?? null) : null,
        as_of: batches[0]?.as_of ?? (await databaseTime(database)),
      };
    },
    async cancel(id, { actor }) {
      await existing(id);
      return await cancelBatch(database, wakeUps, { id, actor });
    },
    async retry(id, { actor }) {
      await existing(id);
      return await retryBatch(database, wakeUps, { id, actor });
    },
    finished: (id) => finishedJobs(database, archived, id),
  };
}

/** @throws INVALID_INPUT with a pointer for each fault */
async function membersOf({ kind, members, name }: NewBatch, id: string, actor: string): Promise<NewJob[]> {
  if (members.length === 0 || members.length > BATCH_MEMBERS_MAX)
    throw invalid("/inputs", `A batch holds 1 to ${BATCH_MEMBERS_MAX} jobs, not ${members.length}.`);
  if (name !== undefined && (name.length === 0 || name.length > BATCH_NAME_CHARS_MAX))
    throw invalid("/name", `The name of a batch has 1 to ${BATCH_NAME_CHARS_MAX} characters.`);
  const jobs: NewJob[] = [];
  for (const [index, member] of members.entries()) {
    jobs.push({ ...newJob({ ...member, kind }, actor, `/inputs/${index}`), batch_id: id });
    if (index % CHECK_JOBS_MAX === CHECK_JOBS_MAX - 1) await new Promise(setImmediate);
  }
  return jobs;
}

function invalid(pointer: string, detail: string): LockstepError {
  return new LockstepError("INVALID_INPUT", detail, { issues: [{ pointer, detail }] });
}

function batchParameters(id: string, asked: NewBatch, jobs: number, actor: string): unknown[] {
  const { kind, name = kind, skipped = [], library = null, idempotency } = asked;
  const shown = JSON.stringify(skipped.slice(0, SKIPPED_LINES_KEPT_MAX));
  const { key = null, requestHash = null } = idempotency ?? {};
  return [id, name, kind, jobs, skipped.length, shown, library, actor, key, requestHash];
}

/** @throws IDEMPOTENCY_MISMATCH when the batch with this key came from another request */
async function replayedId(database: Database, { idempotency }: NewBatch): Promise<string> {
  const { rows } = await database.query<{ id: string; request_hash: string }>(statement("find_batch"), [
    idempotency?.key ?? "",
  ]);
  const [found] = rows;
  if (found !== undefined && found.request_hash === idempotency?.requestHash) return found.id;
  throw new LockstepError(
    "IDEMPOTENCY_MISMATCH",
    `The idempotency key was used before with another request (batch ${found?.id}).`,
  );
}

function toBatch({ pending, running, completed, failed, cancelled, as_of, ...row }: BatchRow): Batch {
  const finished = completed + failed + cancelled;
  return {
    ...row,
    counts: { pending, running, completed, failed, cancelled },
    progress: { finished, fraction: Math.min(1, finished / row.jobs) },
    source: "ledger",
    as_of,
  };
}

async function* finishedJobs(
  database: Database,
  archived: ArchivedJobs,
  id: string,
): AsyncGenerator<readonly BatchResult[]> {
  yield* pages<BatchResult>(database, "batch_finished", id);
  for await (const page of pages<{ id: string }>(database, "batch_archived", id)) {
    const rows = [...(await archived.rows(page.map((job) => job.id)))];
    yield await Promise.all(
      rows
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(async (row) => {
          const { input = null, output = null, error = null } = await archived.toJob(row);
          const { id, status, attempt, version, finished_at } = row;
          return { id, status, attempt, version, input, output, error, finished_at };
        }),
    );
  }
}

async function* pages<Row extends { readonly id: string }>(
  database: Database,
  name: string,
  batch: string,
): AsyncGenerator<readonly Row[]> {
  for (let after: string | undefined = NIL_ID; after !== undefined; ) {
    const { rows }: { rows: readonly Row[] } = await database.query<Row>(statement(name), [
      batch,
      after,
      RESULTS_PAGE_MAX,
    ]);
    if (rows.length > 0) yield rows;
    after = rows.length === RESULTS_PAGE_MAX ? rows.at(-1)?.id : undefined;
  }
}
