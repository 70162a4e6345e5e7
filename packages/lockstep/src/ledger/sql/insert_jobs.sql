-- Purpose: inserts new jobs without keys.
-- Parameters: $1 jsonb array of {id, kind, queue, priority, run_at, max_attempts, timeout_ms,
--   input, limit_key, tags, traceparent, actor, batch_id}
-- Rows: one for each job: what the database added.
-- Guard: none needed: nothing can be in their way.
insert into lockstep.jobs (
  id, kind, queue, priority, created_at, run_at, ready_at, due_at, max_attempts, timeout_ms, input, limit_key, tags, traceparent, actor,
  reason, batch_id
)
select
  r.id,
  r.kind,
  r.queue,
  r.priority,
  now.at,
  coalesce(r.run_at, now.at),
  case when r.run_at is null or r.run_at <= now.at then now.at end,
  case when r.run_at > now.at then r.run_at end,
  r.max_attempts,
  r.timeout_ms,
  -- A member that is JSON null comes out of a recordset as SQL null.
  coalesce(r.input, 'null'),
  r.limit_key,
  coalesce(r.tags, '{}'),
  r.traceparent,
  r.actor,
  'submitted',
  r.batch_id
from (select clock_timestamp() as at offset 0) now
cross join jsonb_to_recordset($1::jsonb) as r(
  id uuid, kind text, queue text, priority smallint, run_at timestamptz, max_attempts integer, timeout_ms integer, input jsonb,
  limit_key text, tags text[], traceparent text, actor text, batch_id uuid
)
returning id, run_at, ready_at, created_at
