import pg from "pg";
import type { ShownStatus } from "../../history/events.js";
import type { Work } from "../system.js";
import { ABSENT, type Answer, type Servers } from "./design.js";

const STATUSES: Readonly<Record<string, ShownStatus>> = {
  PENDING: "pending",
  IN_PROGRESS: "running",
  COMPLETED: "completed",
  FAILED: "failed",
};

/** The table that people write besides their queue. */
export interface Table {
  create(): Promise<void>;
  insert(works: readonly Work[]): Promise<void>;
  set(key: string, status: keyof typeof STATUSES, output?: unknown): Promise<void>;
  read(key: string): Promise<Answer>;
  close(): Promise<void>;
}

export function openTable({ databaseUrl }: Servers): Table {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  pool.on("error", () => undefined);
  return {
    async create() {
      await pool.query(
        "create table if not exists app_jobs (id text primary key, status text not null, result jsonb, updated_at timestamptz not null default now())",
      );
    },
    async insert(works) {
      await pool.query(
        "insert into app_jobs (id, status) select unnest($1::text[]), 'PENDING' on conflict do nothing",
        [works.map((work) => work.key)],
      );
    },
    async set(key, status, output) {
      await pool.query("update app_jobs set status = $2, result = $3, updated_at = now() where id = $1", [
        key,
        status,
        output === undefined ? null : JSON.stringify(output),
      ]);
    },
    async read(key) {
      const { rows } = await pool.query<{ status: string; result: unknown }>(
        "select status, result from app_jobs where id = $1",
        [key],
      );
      const [row] = rows;
      if (!row) return ABSENT;
      const status = STATUSES[row.status] ?? "pending";
      return status === "completed" ? { status, output: row.result } : { status };
    },
    close: () => pool.end(),
  };
}
