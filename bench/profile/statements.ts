import pg from "pg";
import type { Row } from "./print.js";

const TEXT_MAX = 110;
/** Of them, the end of a long statement. */
const TAIL = 50;
const ROWS_MAX = 25;
/** Statements that cost a job less are left out. */
const MICROS_MIN = 0.02;

/** Starts the statistics of statements from zero. The role must be a superuser. */
export async function resetStatements(url: string): Promise<void> {
  await ask(url, "create extension if not exists pg_stat_statements");
  await ask(url, "select pg_stat_statements_reset()");
  await ask(url, "select pg_stat_reset_shared('wal')");
}

/**
 * Statements by total time. One inside a function or a trigger is `nested`, and its time is part of
 * its caller's. The commit of a statement is not in its time, so it has a line of its own.
 */
export async function readStatements(url: string, jobs: number): Promise<Row[]> {
  const rows = await ask<Statement>(
    url,
    `select s.query, s.toplevel, s.calls::float8, s.rows::float8, s.total_exec_time as exec_ms, s.total_plan_time as plan_ms,
       s.wal_bytes::float8, s.shared_blks_hit::float8 as hits
     from pg_stat_statements s join pg_database d on d.oid = s.dbid
     where d.datname = current_database() and s.query !~ 'pg_stat_|pg_proc' and s.query !~* '^\\s*(create|alter|drop|comment|grant|do|insert into lockstep.function_files)'
     order by s.total_exec_time + s.total_plan_time desc limit ${ROWS_MAX}`,
  );
  const [wal] = await ask<Wal>(
    url,
    "select wal_sync::float8 as syncs, wal_sync_time as sync_ms, wal_write_time as write_ms from pg_stat_wal",
  );
  const walRow = (statement: string, ms: number): Row => ({
    micros: (ms * 1_000) / jobs,
    planning: 0,
    calls: wal?.syncs ?? 0,
    "rows/call": 0,
    "WAL/job": 0,
    "buffers/job": 0,
    statement,
  });
  const worthARow = rows.filter((row) => ((row.exec_ms + row.plan_ms) * 1_000) / jobs >= MICROS_MIN);
  return [
    ...worthARow.map((row) => ({
      micros: ((row.exec_ms + row.plan_ms) * 1_000) / jobs,
      planning: (row.plan_ms * 1_000) / jobs,
      calls: row.calls,
      "rows/call": row.rows / row.calls,
      "WAL/job": row.wal_bytes / jobs,
      "buffers/job": row.hits / jobs,
      statement: `${row.toplevel ? "" : "  nested: "}${oneLine(row.query)}`,
    })),
    walRow("(fsync of the write-ahead log)", wal?.sync_ms ?? 0),
    walRow("(write of the write-ahead log)", wal?.write_ms ?? 0),
  ];
}

interface Statement {
  readonly query: string;
  readonly toplevel: boolean;
  readonly calls: number;
  readonly rows: number;
  readonly exec_ms: number;
  readonly plan_ms: number;
  readonly wal_bytes: number;
  readonly hits: number;
}

interface Wal {
  readonly syncs: number;
  readonly sync_ms: number;
  readonly write_ms: number;
}

function oneLine(query: string): string {
  const text = query
    .replace(/^\s*--.*$/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - TAIL)} ... ${text.slice(-TAIL)}` : text;
}

async function ask<T>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}
