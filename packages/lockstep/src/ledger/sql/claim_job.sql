-- Purpose: grants named jobs to the workers that ask for them, for queues that have their own order
--   (BullMQ).
-- Parameters: $1 jobs and $2 workers (pairs)
-- Rows: `claimed` one for each job granted; `limited` one for each job whose queue has limits:
--   claim_limited.sql decides about it. A job that two workers ask for is granted to one of them.
-- Guard: pending, ready, its queue not paused and without limits, locked first (skip locked), and
--   pending again in the UPDATE.
with picked as materialized (
  select j.id, a.worker_id
  from unnest($1::uuid[], $2::uuid[]) as a(job_id, worker_id)
  join jobs j on j.id = a.job_id
  where j.status = 'pending'
    and j.ready_at is not null
    and not exists (select from queues q where q.name = j.queue and (q.paused_at is not null or q.limited))
  order by j.id
  for update of j skip locked
),
claimed as (
  update jobs as j
  set
    version = j.version + 1,
    status = 'running',
    attempt = j.attempt + 1,
    worker_id = picked.worker_id,
    actor = 'worker:' || picked.worker_id,
    reason = 'claimed',
    started_at = clock_timestamp(),
    deadline_at = clock_timestamp() + j.timeout_ms * interval '1 millisecond',
    progress = null
  from picked
  where j.id = picked.id
    and j.status = 'pending'
  returning j.id, j.attempt, j.worker_id, j.version, j.status, j.queue, j.priority, j.ready_at, j.kind, j.failures, j.max_attempts,
    j.input, j.error, j.tags, j.timeout_ms, j.unique_key, j.run_at, j.deadline_at, j.created_at, j.started_at, j.traceparent
)
select 'claimed' as op, id, attempt, worker_id, version, status, queue, priority, ready_at, kind, failures, max_attempts,
  input, error, tags, timeout_ms, unique_key, run_at, deadline_at, created_at, started_at, traceparent
from claimed
union all
select 'limited', j.id, null, a.worker_id, null, null, j.queue, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
from unnest($1::uuid[], $2::uuid[]) as a(job_id, worker_id)
join jobs j on j.id = a.job_id
join queues q on q.name = j.queue
where q.limited
  and j.status = 'pending'
