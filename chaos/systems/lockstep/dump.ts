import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { ShownStatus } from "../../history/events.js";
import { digestOf } from "../../history/recorder.js";
import type { LedgerJob, LoggedTransition } from "../../oracle/ledger.js";

const PAGE = 2_000;

interface JobRow {
  readonly id: string;
  readonly idempotency_key: string;
  readonly status: ShownStatus;
  readonly version: number;
  readonly attempt: number;
  readonly output: unknown;
  readonly error: { readonly code: string | null } | null;
}

interface TransitionRow extends LoggedTransition {
  readonly job_id: string;
}

interface LateRow {
  readonly job_id: string;
  readonly attempt: number;
  readonly outcome: unknown;
}

/** Everything in the ledger, read from its tables. @throws when PostgreSQL is away */
export async function dumpLedger(databaseUrl: string): Promise<LedgerJob[]> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const jobs: LedgerJob[] = [];
    for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
      const page = await readPage(database, after);
      jobs.push(...page);
      const last = page.at(-1);
      if (page.length < PAGE || !last) return jobs;
      after = last.id;
    }
  } finally {
    await database.end();
  }
}

async function readPage(database: pg.Client, after: string): Promise<LedgerJob[]> {
  const { rows } = await database.query<JobRow>(
    "select j.id, k.key as idempotency_key, j.status, j.version, j.attempt, j.output, j.error from lockstep.jobs j left join lockstep.idempotency_keys k on k.job_id = j.id where j.id > $1 order by j.id limit $2",
    [after, PAGE],
  );
  const ids = rows.map((row) => row.id);
  const lines = await database.query<TransitionRow>(
    `select job_id, version, lag(status) over (partition by job_id order by version) as "from", status, attempt, concat_ws(' ', actor, reason, at) as note
     from lockstep.transitions where job_id = any($1) order by job_id, version`,
    [ids],
  );
  const late = await database.query<LateRow>(
    "select job_id, attempt, outcome from lockstep.late_results where job_id = any($1)",
    [ids],
  );
  const linesOf = grouped(lines.rows);
  const lateOf = grouped(late.rows);
  return rows.map((row) => ({
    id: row.id,
    key: row.idempotency_key,
    status: row.status,
    version: row.version,
    attempt: row.attempt,
    digest: row.status === "completed" ? digestOf(row.output) : null,
    transitions: linesOf.get(row.id) ?? [],
    late: (lateOf.get(row.id) ?? []).map(({ attempt, outcome }) => ({
      attempt,
      digest: lateDigest(outcome),
    })),
    errorCode: row.error?.code ?? null,
  }));
}

function grouped<Row extends { readonly job_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.job_id);
    if (group) group.push(row);
    else groups.set(row.job_id, [row]);
  }
  return groups;
}

function lateDigest(outcome: unknown): string | null {
  const output = (outcome as { output?: unknown }).output;
  return output === undefined ? null : digestOf(typeof output === "string" ? JSON.parse(output) : output);
}

/** Spools that are not empty after every process has stopped, and damaged spools. */
export function leftSpools(dataDir: string): string[] {
  const folder = join(dataDir, "spool");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter(
    (name) => (name.endsWith(".spool") && statSync(join(folder, name)).size > 0) || name.endsWith(".damaged"),
  );
}
