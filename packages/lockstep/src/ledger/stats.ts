import type { Database } from "../database/index.js";
import type { Status } from "../job/index.js";
import type { LatencyMinute, Stats } from "./read-models.js";
import { statement } from "./statements.js";

const COUNT_MAX = 10_000;

interface CountRow extends Record<Exclude<Status, "pending">, number> {
  readonly ready: number;
  readonly delayed: number;
  readonly oldest_ready_at: string | null;
  readonly workers_live: number;
  readonly as_of: string;
}

/**
 * Counts, throughput and the latest failures, from bounded reads: never a `group by status` over
 * the whole table.
 */
export async function readStats(database: Database, leaseSeconds: number): Promise<Stats> {
  const [counts, throughput, failures] = await Promise.all([
    database.query<CountRow>(statement("count_statuses"), [leaseSeconds]),
    database.query<Stats["throughput"][number]>(statement("throughput")),
    database.query<Stats["latest_failures"][number]>(statement("latest_failures")),
  ]);
  const [row] = counts.rows;
  if (row === undefined) throw new Error("count_statuses returned no row");
  const { ready, delayed, running, completed, failed, cancelled } = row;
  const pending = Math.min(COUNT_MAX, ready + delayed);
  const all: Record<Status, number> = { pending, running, completed, failed, cancelled };
  return {
    counts: all,
    capped: (Object.keys(all) as Status[]).filter((status) => all[status] >= COUNT_MAX),
    delayed,
    oldest_ready_at: row.oldest_ready_at,
    workers_live: row.workers_live,
    throughput: throughput.rows,
    latest_failures: failures.rows,
    as_of: row.as_of,
  };
}

/** How long jobs waited and ran, minute by minute. */
export async function readLatencies(database: Database): Promise<readonly LatencyMinute[]> {
  return (await database.query<LatencyMinute>(statement("latencies"))).rows;
}
