/**
 * A BullMQ queue whose worker does not update the table for a few of its jobs.
 *
 *   REDIS_URL=redis://127.0.0.1:6379/9 DATABASE_URL=postgres://... \
 *     npx tsx examples/doctor/bullmq-prisma/seed.ts
 */
import { pathToFileURL } from "node:url";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";

/** What a check finds. */
export const PLANTED = { "stuck-running": 3, "skipped-states": 1, "lost-enqueue": 2, "already-done": 1 };

/** As `prisma migrate` writes it. */
const TABLE = `
  create type "JobStatus" as enum ('PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED');
  create table "ScanJob" (
    "id" text not null primary key, "status" "JobStatus" not null default 'PENDING', "result" jsonb, "errorMessage" text,
    "createdAt" timestamp(3) not null default current_timestamp, "startedAt" timestamp(3), "finishedAt" timestamp(3),
    "updatedAt" timestamp(3) not null
  )`;

/** Each pair describes some jobs: their outcome in the queue, and what is written to the table. */
const PAIRS: readonly (readonly [queue: "ok" | "bad" | "wait" | "none", table: string, times: number])[] = [
  ["ok", "COMPLETED", 12],
  ["bad", "FAILED", 3],
  ["wait", "PENDING", 4],
  ["ok", "IN_PROGRESS", 2],
  ["bad", "IN_PROGRESS", 1],
  ["ok", "PENDING", 1],
  ["none", "PENDING", 2],
  ["wait", "CANCELLED", 1],
];

export async function seed(urls: { readonly redis: string; readonly database: string }): Promise<void> {
  const connection = new Redis(urls.redis, { maxRetriesPerRequest: null });
  const queue = new Queue("scans", { connection });
  const client = new pg.Client(urls.database);
  await client.connect();
  try {
    await client.query(TABLE);
    const waiting: string[] = [];
    let added = 0;
    let number = 0;
    for (const [fate, status, times] of PAIRS)
      for (let count = 0; count < times; count++) {
        number += 1;
        const id = `clx${String(number).padStart(22, "0")}`;
        await insertRow(client, id, status);
        if (fate === "wait") waiting.push(id);
        if (fate !== "ok" && fate !== "bad") continue;
        await queue.add(fate, { scanJobId: id }, { jobId: id });
        added += 1;
      }
    await workOff(queue, connection, added);
    for (const id of waiting) await queue.add("ok", { scanJobId: id }, { jobId: id });
  } finally {
    await queue.close();
    await client.end();
    connection.disconnect();
  }
}

/** A worker that does its work and reports only to BullMQ. */
async function workOff(queue: Queue, connection: Redis, jobs: number): Promise<void> {
  const worker = new Worker(
    queue.name,
    async (job) => {
      if (job.name === "bad") throw new Error("exit 137");
      return { findings: 3 };
    },
    { connection, concurrency: 4 },
  );
  let ended = 0;
  await new Promise<void>((resolve) => {
    const count = () => {
      ended += 1;
      if (ended === jobs) resolve();
    };
    worker.on("completed", count);
    worker.on("failed", count);
  });
  await worker.close();
}

async function insertRow(client: pg.Client, id: string, status: string): Promise<void> {
  const ended = ["COMPLETED", "FAILED", "CANCELLED"].includes(status) ? new Date() : null;
  await client.query(
    `insert into "ScanJob" ("id", "status", "result", "startedAt", "finishedAt", "updatedAt") values ($1, $2, $3, $4, $5, now())`,
    [
      id,
      status,
      status === "COMPLETED" ? '{"findings":3}' : null,
      status === "PENDING" ? null : new Date(),
      ended,
    ],
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { REDIS_URL, DATABASE_URL } = process.env;
  if (!REDIS_URL || !DATABASE_URL)
    throw new Error("set REDIS_URL and DATABASE_URL to databases that may be filled");
  await seed({ redis: REDIS_URL, database: DATABASE_URL });
}
