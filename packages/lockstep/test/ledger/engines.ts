import { randomBytes } from "node:crypto";
import { afterEach } from "vitest";
import { sharedInMemory } from "../../../../tests/servers/embedded.js";
import { type Database, inSchema, openDatabase } from "../../src/database/index.js";
import { type AttemptOutcome, newId } from "../../src/job/index.js";
import {
  type ClaimedJob,
  type LedgerOptions,
  migrate,
  type OpenLedger,
  openLedger,
  type Settlement,
  type SubmitRequest,
} from "../../src/ledger/index.js";
import { migratedDatabase } from "./migrated-database.js";

/**
 * The ledger makes the same promises on both engines. Races are proven on PostgreSQL, which has
 * more than one connection.
 */
export const ENGINES = ["postgres", "pglite"] as const;
export type Engine = (typeof ENGINES)[number];

export interface Bench {
  readonly database: Database;
  readonly ledger: OpenLedger;
  /** null for the embedded engine. */
  readonly url: string | null;
}

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A migrated, empty ledger for this test alone, closed and dropped after it. */
export async function openBench(engine: Engine, options: LedgerOptions = {}): Promise<Bench> {
  const { database, url, drop } = engine === "postgres" ? await openOnPostgres() : await openEmbedded();
  const ledger = openLedger(database, options);
  cleanups.push(async () => {
    await ledger.close();
    await drop();
  });
  return { database, ledger, url };
}

async function openOnPostgres() {
  const fresh = await migratedDatabase();
  const database = await openDatabase({ url: fresh.url, poolSize: 20 });
  await database.query("update ledger_identity set id = gen_random_uuid()");
  const drop = async () => {
    await database.close();
    await fresh.drop();
  };
  return { database, url: fresh.url, drop };
}

/** The tests of a process share one PGlite, each in its own schema. */
async function openEmbedded() {
  const schema = `test_${randomBytes(8).toString("hex")}`;
  const database = inSchema(await sharedInMemory(), schema);
  // For the SQL of tests. Lockstep's own names the schema.
  await database.query(`set search_path to ${schema}`);
  await migrate(database);
  const drop = async () => void (await database.query(`drop schema ${schema} cascade`));
  return { database, url: null, drop };
}

/** A second process's connection to the same PostgreSQL. */
export async function openSecond(bench: Bench, options: LedgerOptions = {}): Promise<Bench> {
  if (bench.url === null) throw new Error("the embedded engine has one process");
  const database = await openDatabase({ url: bench.url });
  const ledger = openLedger(database, options);
  cleanups.push(async () => {
    await ledger.close();
    await database.close();
  });
  return { database, ledger, url: bench.url };
}

export async function registerWorker({ ledger }: Bench, embedded = false): Promise<string> {
  const id = newId();
  await ledger.register({
    id,
    name: "w",
    host: "h",
    pid: 1,
    queues: [],
    kinds: ["noop"],
    concurrency: 10,
    embedded,
  });
  return id;
}

export function submitNoop({ ledger }: Bench, request: Partial<SubmitRequest> = {}) {
  return ledger.submit({ kind: "noop", input: {}, ...request }).then((submitted) => submitted.job);
}

/** Claims from the start of the default queue. */
export async function claim(
  { ledger }: Bench,
  workerId: string,
  limit = 1,
  queue = "default",
): Promise<readonly ClaimedJob[]> {
  const turn = await ledger.turn([], { worker_id: workerId, queue, kinds: ["noop"], limit, after: null });
  return turn.claimed;
}

export async function claimOne(bench: Bench, workerId: string): Promise<ClaimedJob> {
  const [job] = await claim(bench, workerId);
  if (!job) throw new Error("nothing to claim");
  return job;
}

export function settlement(job: ClaimedJob, outcome: AttemptOutcome): Settlement {
  const { id: job_id, attempt, worker_id, claim_token } = job;
  return { job_id, attempt, worker_id: worker_id ?? "", claim_token, outcome };
}

export const completed = (output: unknown = { ok: true }): AttemptOutcome => ({
  type: "completed",
  output: JSON.stringify(output),
});

export function failed(retryInMs: number | null, message = "boom"): AttemptOutcome {
  return {
    type: "failed",
    error: { name: "Error", message, code: null, stack: null },
    retry_in_ms: retryInMs,
    reason: "error",
  };
}

export async function settle({ ledger }: Bench, job: ClaimedJob, outcome: AttemptOutcome) {
  const { receipts } = await ledger.turn([settlement(job, outcome)], null);
  if (!receipts[0]) throw new Error("no receipt");
  return receipts[0];
}

/** Makes a worker look as if it had been silent for an hour. */
export async function silence({ database }: Bench, workerId: string): Promise<void> {
  await database.query(
    "update workers set heartbeat_at = clock_timestamp() - interval '1 hour' where id = $1",
    [workerId],
  );
}
