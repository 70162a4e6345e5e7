-- Purpose: inserts new jobs without keys that differ only in their id and input: most batches, and
--   most single submits that share a statement.
-- Parameters: $1 ids and $2 inputs (pairs), $3 kind, $4 queue, $5 priority, $6 run_at or null, $7
--   max_attempts, $8 timeout_ms or null, $9 limit_key or null, $10 tags, $11 traceparent or null,
--   $12 actor, $13 batch or null
-- Rows: one: what the database added to every job.
-- Guard: none needed: nothing can be in their way.
with now as materialized (
  select clock_timestamp() as at
),
times as materialized (
  select
    now.at as created_at,
    coalesce($6::timestamptz, now.at) as run_at,
    case when $6::timestamptz is null or $6::timestamptz <= now.at then now.at end as ready_at,
    case when $6::timestamptz > now.at then $6::timestamptz end as due_at
  from now
),
inserted as (
  insert into lockstep.jobs (
    id, input, kind, queue, priority, created_at, run_at, ready_at, due_at, max_attempts, timeout_ms, limit_key, tags, traceparent, actor,
    reason, batch_id
  )
  select
    r.id, r.input, $3, $4, $5::smallint, t.created_at, t.run_at, t.ready_at, t.due_at, $7::integer, $8::integer, $9, $10::text[], $11, $12,
    'submitted', $13::uuid
  from times t
  cross join unnest($1::uuid[], $2::jsonb[]) as r(id, input)
)
select run_at, ready_at, created_at
from times
