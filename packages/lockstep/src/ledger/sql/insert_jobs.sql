-- Purpose: inserts new jobs.
-- Parameters: $1 jsonb array of {id, kind, queue, priority, run_at, max_attempts, timeout_ms,
--   input, idempotency_key, request_hash (hex), unique_key, limit_key, tags, traceparent, actor,
--   batch_id}
-- Rows: one for each job inserted; no row for a job whose idempotency or unique key is taken.
-- Guard: on conflict do nothing. Ordered by key, so that two batches with the same keys wait for
--   each other in one direction. A job whose key belongs to an archived job is left out; if the
--   other job is archived at this very moment, a trigger refuses the insert (migration 0003). The
--   check is a scalar subquery, not NOT EXISTS, which could be planned as a hash of the whole
--   table. A member that is JSON null comes out of a recordset as SQL null.
insert into jobs (
  id, kind, queue, priority, run_at, ready_at, max_attempts, timeout_ms, input,
  idempotency_key, request_hash, unique_key, limit_key, tags, traceparent, actor, reason, batch_id
)
select
  r.id,
  r.kind,
  r.queue,
  r.priority,
  coalesce(r.run_at, clock_timestamp()),
  case when r.run_at is null or r.run_at <= clock_timestamp() then clock_timestamp() end,
  r.max_attempts,
  r.timeout_ms,
  coalesce(r.input, 'null'),
  r.idempotency_key,
  decode(r.request_hash, 'hex'),
  r.unique_key,
  r.limit_key,
  coalesce(r.tags, '{}'),
  r.traceparent,
  r.actor,
  'submitted',
  r.batch_id
from jsonb_to_recordset($1::jsonb) as r(
  id uuid, kind text, queue text, priority smallint, run_at timestamptz, max_attempts integer, timeout_ms integer, input jsonb,
  idempotency_key text, request_hash text, unique_key text, limit_key text, tags text[], traceparent text, actor text, batch_id uuid
)
where r.idempotency_key is null
  or (select true from archived_jobs a where a.idempotency_key = r.idempotency_key limit 1) is null
order by r.idempotency_key, r.unique_key, r.id
on conflict do nothing
returning id, queue, priority, run_at, ready_at, created_at, clock_timestamp() as as_of
