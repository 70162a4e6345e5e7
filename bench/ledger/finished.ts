import pg from "pg";

const CHUNK = 100_000;
const AGE_MS = 30 * 86_400_000;

/**
 * Fills a ledger with jobs that completed a month ago, each with its three transitions. It bypasses
 * the triggers, whose speed is not measured here, so it needs a superuser.
 * @param url the ledger's database
 */
export async function fillWithFinished(url: string, jobs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("set session_replication_role = replica");
    const oldestMs = Date.now() - AGE_MS;
    for (let from = 0; from < jobs; from += CHUNK)
      await client.query(FILL, [from, Math.min(jobs, from + CHUNK) - 1, oldestMs]);
    for (const table of ["jobs", "transitions"]) await client.query(`vacuum analyze lockstep.${table}`);
    await client.query("checkpoint");
  } finally {
    await client.end();
  }
}

/**
 * Ids of version 7, a thousand in each millisecond. $1 and $2: which; $3: the time of the oldest,
 * in milliseconds.
 */
const FILL = `
  with finished as (
    insert into lockstep.jobs (id, kind, queue, status, attempt, version, input, output, worker_id, claim_token, run_at, created_at, started_at,
      finished_at, actor, reason)
    select
      (lpad(to_hex($3::bigint + n / 1000), 12, '0') || '7' || lpad(to_hex(n % 1000), 3, '0') || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
      'noop', 'default', 'completed', 1, 3, jsonb_build_object('n', n, 'text', repeat('x', 80)), '{"ok": true}', w.id, w.id, t.at, t.at,
      t.at, t.at, 'worker:' || w.id, 'succeeded'
    from generate_series($1::bigint, $2::bigint) as n
    cross join (select '00000000-0000-7000-8000-000000000000'::uuid as id) as w
    cross join lateral (select to_timestamp(($3::bigint + n / 1000) / 1000.0) as at) as t
    order by n
    returning id, created_at, actor
  )
  insert into lockstep.transitions (job_id, version, status, attempt, actor, reason, at)
  select f.id, s.version, s.status, s.attempt, coalesce(s.actor, f.actor), s.reason, f.created_at
  from finished f
  cross join (values
    (1, 'pending', 0, 'library', 'submitted'),
    (2, 'running', 1, null, 'claimed'),
    (3, 'completed', 1, null, 'succeeded')
  ) as s (version, status, attempt, actor, reason)`;
