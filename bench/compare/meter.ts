import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import type { Figures } from "../report.js";
import type { ServerPids } from "./order.js";

/** Linux counts CPU time in hundredths of a second. */
const TICK_MICROS = 10_000;

/** What was used up to one moment. */
export interface Reading {
  readonly atMs: number;
  readonly node: number;
  readonly postgres: number;
  readonly redis: number;
}

/** Reads CPU time. It is synchronous, so that a handler can note the moment at which it starts. */
export function read(pids: ServerPids): Reading {
  const { user, system } = process.cpuUsage();
  return {
    node: user + system,
    postgres: serverCpuMicros(pids.postgres),
    redis: pids.redis === null ? 0 : serverCpuMicros(pids.redis),
    atMs: performance.now(),
  };
}

/** Jobs a second and CPU microseconds a job between two readings. */
export function spent(
  jobs: number,
  from: Reading,
  to: Reading,
): { readonly perSecond: number; readonly cpu: Figures } {
  return {
    perSecond: (jobs / (to.atMs - from.atMs)) * 1_000,
    cpu: {
      process: (to.node - from.node) / jobs,
      PostgreSQL: (to.postgres - from.postgres) / jobs,
      Redis: (to.redis - from.redis) / jobs,
    },
  };
}

/** The position of the server in its write-ahead log, in bytes. */
export async function walBytes(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ bytes: number }>(
    "select (pg_current_wal_insert_lsn() - '0/0')::double precision as bytes",
  );
  await client.end();
  return rows[0]?.bytes ?? Number.NaN;
}

/** CPU time of a server so far: its process, its children, and the children that have ended. */
function serverCpuMicros(pid: number): number {
  let ticks = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(name);
    if (stat === null) continue;
    if (Number(name) === pid) ticks += stat.own + stat.ofEndedChildren;
    else if (stat.parent === pid) ticks += stat.own;
  }
  return ticks * TICK_MICROS;
}

interface Stat {
  readonly parent: number;
  readonly own: number;
  readonly ofEndedChildren: number;
}

/** null when the process has just ended. The fields after the name are in `man 5 proc`. */
function statOf(pid: string): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const field = (index: number) => fields[index] ?? 0;
  return { parent: field(1), own: field(11) + field(12), ofEndedChildren: field(13) + field(14) };
}
