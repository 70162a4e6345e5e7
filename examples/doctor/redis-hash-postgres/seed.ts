/**
 * A scanner's queue in Redis and its table in PostgreSQL, with drift in a few of forty jobs.
 *
 *   REDIS_URL=redis://127.0.0.1:6379/9 DATABASE_URL=postgres://... \
 *     npx tsx examples/doctor/redis-hash-postgres/seed.ts
 */
import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";
import { Redis } from "ioredis";
import pg from "pg";

/** What a check finds. */
export const PLANTED = { "stuck-running": 4, "lost-enqueue": 2, "already-done": 1, contradiction: 1 };

const TABLE = `
  create type scan_status as enum ('PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED');
  create table scans (
    id uuid primary key, target text not null, status scan_status not null default 'PENDING', result jsonb, error_message text,
    created_at timestamptz not null default now(), started_at timestamptz, completed_at timestamptz,
    updated_at timestamptz not null default now()
  )`;

type Queued = "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | null;

/** Each pair describes one job: its status in the queue (null: none), and in the table. */
const PAIRS: readonly (readonly [queue: Queued, table: string, times: number])[] = [
  ["COMPLETED", "COMPLETED", 20],
  ["FAILED", "FAILED", 4],
  ["PENDING", "PENDING", 6],
  ["PROCESSING", "IN_PROGRESS", 2],
  // The worker wrote to Redis; its UPDATE failed, was logged, and was never repeated.
  ["COMPLETED", "IN_PROGRESS", 3],
  ["FAILED", "IN_PROGRESS", 1],
  // The row was committed, and the process died before the push to Redis.
  [null, "PENDING", 2],
  // Somebody repaired the row by hand and left the queue as it was.
  ["PENDING", "COMPLETED", 1],
  ["COMPLETED", "FAILED", 1],
];

export async function seed(urls: { readonly redis: string; readonly database: string }): Promise<void> {
  const redis = new Redis(urls.redis);
  const client = new pg.Client(urls.database);
  await client.connect();
  try {
    await client.query(TABLE);
    for (const [queue, table, times] of PAIRS)
      for (let count = 0; count < times; count++) await plant({ redis, client, queue, table });
  } finally {
    redis.disconnect();
    await client.end();
  }
}

interface Plant {
  readonly redis: Redis;
  readonly client: pg.Client;
  readonly queue: Queued;
  readonly table: string;
}

async function plant({ redis, client, queue, table }: Plant): Promise<void> {
  const id = randomUUID();
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const before = new Date(Date.now() - 3_660_000).toISOString();
  const result = { findings: 3, high: 1 };
  await client.query(
    "insert into scans (id, target, status, result, started_at, completed_at, updated_at) values ($1, 'src/', $2, $3, $4, $5, $6)",
    [
      id,
      table,
      table === "COMPLETED" ? JSON.stringify(result) : null,
      table === "PENDING" ? null : before,
      table === "COMPLETED" || table === "FAILED" ? at : null,
      table === "PENDING" || table === "IN_PROGRESS" ? before : at,
    ],
  );
  if (queue === null) return;
  const job = {
    id,
    status: queue,
    result: queue === "COMPLETED" ? result : null,
    error: queue === "FAILED" ? "exit 137" : null,
    created_at: at,
    updated_at: at,
  };
  await redis.hset("scan_jobs:jobs", id, JSON.stringify(job));
  if (queue === "PENDING") await redis.lpush("scan_jobs:pending", id);
  if (queue === "PROCESSING") await redis.lpush("scan_jobs:processing", id);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { REDIS_URL, DATABASE_URL } = process.env;
  if (!REDIS_URL || !DATABASE_URL)
    throw new Error("set REDIS_URL and DATABASE_URL to databases that may be filled");
  await seed({ redis: REDIS_URL, database: DATABASE_URL });
}
