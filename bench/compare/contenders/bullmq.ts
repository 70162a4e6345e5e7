import { randomUUID } from "node:crypto";
import type { Job } from "bullmq";
import pg from "pg";
import { type Contender, type Input, type OpenContender, RESULT, type Servers } from "../contender.js";
import { rival, rivalVersion } from "../rivals.js";

const QUEUE = "bench";
type Mode = "redis" | "postgres" | "table";

const contender = (name: string, mode: Mode, promises: Contender["promises"]): Contender => ({
  name,
  version: rivalVersion("bullmq"),
  promises,
  uses: { postgres: mode !== "redis", redis: mode !== "postgres" },
  open: (servers) => open(servers, mode),
});

async function connected({ redisUrl, databaseUrl, concurrency }: Servers, mode: Mode) {
  const { createPostgresBackend, Queue, Worker } = await rival<typeof import("bullmq")>("bullmq");
  const handler = (run: (input: Input, job: Job) => Promise<unknown>) => (job: Job) => run(job.data, job);
  if (mode === "postgres") {
    const connection = { connectionString: databaseUrl, max: 20, migrate: true };
    return {
      queue: new Queue(QUEUE, { connection }, createPostgresBackend),
      work: (run: (input: Input, job: Job) => Promise<unknown>) =>
        new Worker(QUEUE, handler(run) as never, { connection, concurrency }, createPostgresBackend),
    };
  }
  const connection = { url: redisUrl, maxRetriesPerRequest: null };
  return {
    queue: new Queue(QUEUE, { connection }),
    work: (run: (input: Input, job: Job) => Promise<unknown>) =>
      new Worker(QUEUE, handler(run), { connection, concurrency }),
  };
}

async function open(servers: Servers, mode: Mode): Promise<OpenContender> {
  const { queue, work } = await connected(servers, mode);
  await queue.waitUntilReady();
  const table = mode === "table" ? await openTable(servers) : null;
  let worker: { close(): Promise<void> } | null = null;
  return {
    async submitMany(inputs) {
      // The row first, because a worker may have the job before the next line runs.
      const ids = inputs.map(() => `j${randomUUID()}`);
      await table?.insert(ids);
      await queue.addBulk(
        inputs.map((data, index) => ({
          name: "noop",
          data,
          ...(table ? { opts: { jobId: ids[index] ?? "" } } : {}),
        })),
      );
    },
    async submitOne(input) {
      if (!table) return (await queue.add("noop", input)).id ?? "";
      const jobId = `j${randomUUID()}`;
      await table.insert([jobId]);
      await queue.add("noop", input, { jobId });
      return jobId;
    },
    async work(onRun) {
      worker = work(async (input, job) => {
        await table?.set(job.id ?? "", "IN_PROGRESS");
        onRun(input);
        await table?.set(job.id ?? "", "COMPLETED");
        return RESULT;
      });
    },
    async isVisiblyDone(id) {
      if (table) return await table.isDone(id);
      return (await (await queue.getJob(id))?.getState()) === "completed";
    },
    async isEmpty() {
      const counts = await queue.getJobCounts("waiting", "active", "delayed", "prioritized");
      return Object.values(counts).every((count) => count === 0);
    },
    async close() {
      await worker?.close();
      await queue.close();
      await table?.close();
    },
  };
}

/** What people usually write: one INSERT and two UPDATEs for each job. */
async function openTable({ databaseUrl }: Servers) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
  await pool.query(
    "create table if not exists app_jobs (id text primary key, status text not null, updated_at timestamptz not null default now())",
  );
  return {
    insert: async (ids: readonly string[]) =>
      void (await pool.query(
        "insert into app_jobs (id, status) select unnest($1::text[]), 'PENDING' on conflict do nothing",
        [ids],
      )),
    set: async (id: string, status: string) =>
      void (await pool.query("update app_jobs set status = $2, updated_at = now() where id = $1", [
        id,
        status,
      ])),
    async isDone(id: string) {
      const { rows } = await pool.query<{ status: string }>("select status from app_jobs where id = $1", [
        id,
      ]);
      return rows[0]?.status === "COMPLETED";
    },
    close: () => pool.end(),
  };
}

const RUNNING = "true: no prefetch";
export const bullmq = contender("BullMQ on Redis", "redis", {
  durable: "no: in memory, as Redis comes",
  history: "last status only, while Redis keeps it",
  running: RUNNING,
});
export const bullmqPostgres = contender("BullMQ on PostgreSQL", "postgres", {
  durable: "yes, fsync",
  history: "last status only",
  running: RUNNING,
});
export const bullmqTable = contender("BullMQ + hand-written table", "table", {
  durable: "the table yes, the queue no",
  history: "last status only",
  running: "as of the last write",
});
