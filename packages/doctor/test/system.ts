import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import { freshDatabase } from "../../../tests/servers/database.js";
import { startRedis } from "../../../tests/servers/redis.js";
import { Doctor, parseDoctorConfig } from "../src/index.js";

/** A typical system: a Redis hash of JSON with its lists, and a table made by an ORM. */
export interface System {
  readonly db: pg.Pool;
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly stateDir: string;
  /** The text of a configuration for both, with the given members replaced. */
  config(changes?: object): string;
  doctor(changes?: object): Doctor;
  /** Puts a job into the hash. */
  putHash(id: string, job: object): Promise<void>;
  /** Puts a job into the table. */
  putRow(id: string, row: Row): Promise<void>;
  row(id: string): Promise<Readonly<Record<string, unknown>>>;
  /** Removes every job from both. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export interface Row {
  readonly status: string;
  readonly result?: object | null;
  readonly error?: string | null;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
  readonly heartbeatAt?: string | null;
}

const WORDS = {
  PENDING: "pending",
  IN_PROGRESS: "running",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELLED: "cancelled",
};

const TABLE = `
  create type "JobStatus" as enum ('PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED', 'PAUSED');
  create table "ScanJob" (
    id uuid primary key,
    status "JobStatus" not null,
    result jsonb,
    error text,
    "createdAt" timestamp not null default timezone('utc', now()) - interval '2 hours',
    "startedAt" timestamptz,
    "finishedAt" timestamptz,
    "heartbeatAt" timestamptz,
    "updatedAt" timestamptz not null default now() - interval '1 hour'
  );
`;

export const KEY = "scan_jobs:jobs";
export const PENDING = "scan_jobs:pending";
export const PROCESSING = "scan_jobs:processing";

export async function startSystem(): Promise<System> {
  const database = await freshDatabase();
  const server = await startRedis();
  const db = new pg.Pool({ connectionString: database.url, max: 8 });
  await db.query(TABLE);
  const redis = new Redis(server.url);
  const stateDir = mkdtempSync(join(tmpdir(), "lockstep-doctor-"));
  const doctors: Doctor[] = [];
  const config = (changes: object = {}) =>
    JSON.stringify({
      record: "table",
      quiet_period: "100ms",
      views: {
        queue: {
          type: "redis-hash",
          url: server.url,
          key: KEY,
          lists: { pending: PENDING, processing: PROCESSING },
          statuses: WORDS,
        },
        table: {
          type: "sql",
          url: database.url,
          table: "ScanJob",
          columns: {
            id: "id",
            status: "status",
            result: "result",
            error: "error",
            created_at: "createdAt",
            started_at: "startedAt",
            finished_at: "finishedAt",
            heartbeat_at: "heartbeatAt",
            updated_at: "updatedAt",
          },
          statuses: WORDS,
        },
      },
      ...changes,
    });
  return {
    db,
    redis,
    redisUrl: server.url,
    databaseUrl: database.url,
    stateDir,
    config,
    doctor(changes) {
      const doctor = new Doctor({ config: parseDoctorConfig(config(changes), {}), stateDir });
      doctors.push(doctor);
      return doctor;
    },
    async putHash(id, job) {
      await redis.hset(KEY, id, JSON.stringify({ id, ...job }));
    },
    async putRow(id, row) {
      await db.query(
        `insert into "ScanJob" (id, status, result, error, "startedAt", "finishedAt", "heartbeatAt") values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          id,
          row.status,
          row.result ?? null,
          row.error ?? null,
          row.startedAt ?? null,
          row.finishedAt ?? null,
          row.heartbeatAt ?? null,
        ],
      );
    },
    async row(id) {
      const { rows } = await db.query(`select * from "ScanJob" where id = $1`, [id]);
      return rows[0];
    },
    async empty() {
      await redis.flushall();
      await db.query(`truncate "ScanJob"`);
    },
    async close() {
      await Promise.all(doctors.map((doctor) => doctor.close()));
      redis.disconnect();
      await db.end();
      await server.remove();
      await database.drop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** Ids that are UUIDs, in order. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** Jobs that are right in both places, so that a few wrong ones are a small share. */
export async function putHealthy(system: System, count: number, from = 1_000): Promise<void> {
  const pipeline = system.redis.pipeline();
  const ids = Array.from({ length: count }, (_, index) => idOf(from + index));
  for (const id of ids)
    pipeline.hset(
      KEY,
      id,
      JSON.stringify({
        id,
        status: "COMPLETED",
        result: { found: 1 },
        error: null,
        created_at: "2026-01-01T10:00:00Z",
        updated_at: "2026-01-01T10:05:00Z",
      }),
    );
  await pipeline.exec();
  await system.db.query(
    `insert into "ScanJob" (id, status, result, "finishedAt") select unnest($1::uuid[]), 'COMPLETED', '{"found": 1}', '2026-01-01T10:05:00Z'`,
    [ids],
  );
}
