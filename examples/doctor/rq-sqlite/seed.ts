/**
 * The data of RQ in Redis, and a SQLite file that was not always updated. Needs no Python: the
 * script writes what RQ 1 writes, except the pickles, which should not be read.
 *
 *   REDIS_URL=redis://127.0.0.1:6379/9 SQLITE_FILE=/tmp/jobs.db \
 *     npx tsx examples/doctor/rq-sqlite/seed.ts
 */
import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";
import { DatabaseSync } from "@photostructure/sqlite";
import { Redis } from "ioredis";

/** What a check finds. */
export const PLANTED = { "stuck-running": 3, "lost-enqueue": 2, stalled: 1, contradiction: 1 };

const TABLE = `
  create table jobs (
    job_id text primary key, status text not null, error text, created_at datetime not null, finished_at datetime
  )`;

/**
 * Each pair describes some jobs: RQ's status (`lost`: queued, but in no list; `dead`: started by a
 * worker that is gone), and the table's status.
 */
const PAIRS: readonly (readonly [rq: string, table: string, times: number])[] = [
  ["finished", "finished", 15],
  ["failed", "error", 3],
  ["queued", "waiting", 4],
  ["started", "running", 2],
  ["finished", "running", 2],
  ["failed", "running", 1],
  ["lost", "waiting", 2],
  ["dead", "running", 1],
  ["failed", "finished", 1],
];

export async function seed(urls: { readonly redis: string; readonly file: string }): Promise<void> {
  const redis = new Redis(urls.redis);
  const database = new DatabaseSync(urls.file);
  try {
    database.exec(`pragma journal_mode = wal; ${TABLE}`);
    const insert = database.prepare(
      "insert into jobs (job_id, status, created_at, finished_at) values (?, ?, ?, ?)",
    );
    await redis.sadd("rq:queues", "rq:queue:scans");
    for (const [rq, table, times] of PAIRS)
      for (let count = 0; count < times; count++) {
        const id = randomUUID();
        const now = new Date().toISOString().slice(0, 19).replace("T", " ");
        insert.run(id, table, now, table === "running" || table === "waiting" ? null : now);
        await plant(redis, id, rq);
      }
  } finally {
    database.close();
    redis.disconnect();
  }
}

async function plant(redis: Redis, id: string, fate: string): Promise<void> {
  const now = new Date().toISOString();
  const status = fate === "lost" ? "queued" : fate === "dead" ? "started" : fate;
  const hasEnded = status === "finished" || status === "failed";
  await redis.hset(`rq:job:${id}`, {
    status,
    origin: "scans",
    created_at: now,
    enqueued_at: now,
    started_at: status === "queued" ? "" : now,
    ended_at: hasEnded ? now : "",
    last_heartbeat: status === "started" && fate !== "dead" ? now : "",
    description: "scans.scan()",
    timeout: "180",
  });
  if (fate === "queued") await redis.rpush("rq:queue:scans", id);
  if (fate === "started") await redis.zadd("rq:wip:scans", Math.floor(Date.now() / 1_000) + 600, id);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { REDIS_URL, SQLITE_FILE } = process.env;
  if (!REDIS_URL || !SQLITE_FILE) throw new Error("set REDIS_URL and SQLITE_FILE");
  await seed({ redis: REDIS_URL, file: SQLITE_FILE });
}
