import { Redis } from "ioredis";
import pg from "pg";

export interface PairsOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly pairs: number;
  /** One in this many rows still says that it runs. */
  readonly driftEvery: number;
}

export const KEY = "scan_jobs:jobs";
const BATCH = 10_000;

const TABLE = `
  create type "JobStatus" as enum ('PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED');
  create table "ScanJob" (
    id uuid primary key, status "JobStatus" not null, result jsonb, error text,
    "startedAt" timestamptz, "finishedAt" timestamptz, "updatedAt" timestamptz not null
  )
`;

const ROWS = `
  insert into "ScanJob"
  select
    md5(i::text)::uuid,
    (case when i % $3::int = 0 then 'IN_PROGRESS' else 'COMPLETED' end)::"JobStatus",
    case when i % $3::int = 0 then null else jsonb_build_object('findings', i % 50, 'files', i % 700) end,
    null,
    '2026-01-01T10:00:00Z',
    case when i % $3::int = 0 then null else '2026-01-01T10:05:00Z'::timestamptz end,
    '2026-01-01T10:05:00Z'
  from generate_series($1::int, $2::int) i
`;

/** Fills a table and a hash with the same jobs. */
export async function plantPairs({ databaseUrl, redisUrl, pairs, driftEvery }: PairsOptions): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const redis = new Redis(redisUrl);
  try {
    await database.query(TABLE);
    for (let from = 1; from <= pairs; from += BATCH) {
      const to = Math.min(pairs, from + BATCH - 1);
      await database.query(ROWS, [from, to, driftEvery]);
      const { rows } = await database.query<{ i: number; id: string }>(
        "select i, md5(i::text)::uuid as id from generate_series($1::int, $2::int) i",
        [from, to],
      );
      await redis.hset(KEY, ...rows.flatMap(({ i, id }) => [id, jobText(id, i)]));
    }
    await database.query(`vacuum analyze "ScanJob"`);
  } finally {
    redis.disconnect();
    await database.end();
  }
}

function jobText(id: string, number: number): string {
  return JSON.stringify({
    id,
    status: "COMPLETED",
    result: { findings: number % 50, files: number % 700 },
    error: null,
    created_at: "2026-01-01T10:00:00Z",
    updated_at: "2026-01-01T10:05:00Z",
  });
}
