-- Purpose: finds the job that holds an idempotency key, or the live job that holds a unique key.
-- Parameters: $1 idempotency keys, $2 kinds and $3 unique keys (pairs)
-- Rows: one for each job found.
-- Guard: none, reads only. A separate statement, because the insert's snapshot may be older than
--   the winner's commit.
select
  id, kind, queue, status, version, attempt, failures, max_attempts, priority, progress, input, output, error, worker_id, tags,
  timeout_ms, unique_key, batch_id, run_at, deadline_at, created_at, started_at, finished_at, cancel_requested_at, actor, reason,
  'ledger' as source, clock_timestamp() as as_of,
  idempotency_key, encode(request_hash, 'hex') as request_hash
from jobs
where idempotency_key = any($1::text[])
union all
select
  j.id, j.kind, j.queue, j.status, j.version, j.attempt, j.failures, j.max_attempts, j.priority, j.progress, j.input, j.output, j.error, j.worker_id, j.tags,
  j.timeout_ms, j.unique_key, j.batch_id, j.run_at, j.deadline_at, j.created_at, j.started_at, j.finished_at, j.cancel_requested_at, j.actor, j.reason,
  'ledger', clock_timestamp(),
  null, null
from unnest($2::text[], $3::text[]) as k(kind, unique_key)
join jobs j on j.kind = k.kind and j.unique_key = k.unique_key and j.status in ('pending', 'running')
