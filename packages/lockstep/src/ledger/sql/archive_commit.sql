-- Purpose: replaces jobs whose records are safely in files by rows that say how they ended and
--   where their records are.
-- Parameters: $1 jsonb array of files {n: name, s: store, j: jobs, b: bytes, h: sha256 (hex)}
--   $2 jsonb array of jobs {i: id, v: version, r: late results, f: file, o: offset, b: bytes, l:
--   line}
--   $3 only jobs that finished before this time
-- Rows: one: how many were replaced.
-- `newest` does not use `order by xid limit 1`: the planner would then walk the feed's index
-- backwards, past everything that is not in the batch.
-- Guard: exactly the version that was written to the file, still terminal and old enough, with no
--   late result that the file lacks. If another transaction holds a row (a requeue in progress), it
--   is skipped. One statement, one commit; the delete trigger deletes the history too.
with files as (
  insert into archive_files (name, store, jobs, bytes, sha256)
  select f.n, f.s, f.j, f.b, decode(f.h, 'hex')
  from jsonb_to_recordset($1::jsonb) as f(n text, s text, j integer, b bigint, h text)
  order by f.n
  on conflict (name) do update set store = excluded.store
  returning id, name
),
asked as materialized (
  select a.i, a.v, a.r, a.f, a.o, a.b, a.l
  from jsonb_to_recordset($2::jsonb) as a(i uuid, v integer, r integer, f text, o bigint, b integer, l integer)
),
held as materialized (
  select j.id, a.f, a.o, a.b, a.l
  from asked a
  join jobs j on j.id = a.i
  where j.version = a.v
    and j.status in ('completed', 'failed', 'cancelled')
    and j.finished_at < $3::timestamptz
    and (select count(*) from late_results l where l.job_id = j.id) = a.r
    and not exists (select from archived_jobs x where x.id = j.id)
  order by j.id
  for update of j skip locked
),
newest as materialized (
  select max(t.xid::text::numeric)::text::xid8 as xid
  from held h
  join transitions t on t.job_id = h.id
),
floored as (
  update archive_state s
  set feed_floor = greatest(s.feed_floor, newest.xid)
  from newest
  where newest.xid > s.feed_floor
),
gone as (
  delete from jobs j
  using held h
  where j.id = h.id
  returning
    j.id, j.created_at, j.run_at, j.started_at, j.finished_at, j.cancel_requested_at, j.version, j.attempt, j.failures, j.max_attempts,
    j.timeout_ms, j.priority, j.worker_id, j.kind, j.queue, j.status, j.actor, j.reason, j.unique_key, j.idempotency_key, j.request_hash, j.tags, j.batch_id,
    h.f, h.o, h.b, h.l
),
kept as (
  insert into archived_jobs (
    id, created_at, run_at, started_at, finished_at, cancel_requested_at, version, attempt, failures, max_attempts,
    timeout_ms, priority, worker_id, kind, queue, status, actor, reason, unique_key, idempotency_key, request_hash, tags, batch_id,
    file_id, member_offset, member_bytes, line
  )
  select
    g.id, g.created_at, g.run_at, g.started_at, g.finished_at, g.cancel_requested_at, g.version, g.attempt, g.failures, g.max_attempts,
    g.timeout_ms, g.priority, g.worker_id, g.kind, g.queue, g.status, g.actor, g.reason, g.unique_key, g.idempotency_key, g.request_hash, g.tags, g.batch_id,
    f.id, g.o, g.b, g.l
  from gone g
  join files f on f.name = g.f
  returning id
)
select count(*)::integer as replaced
from kept
