-- Purpose: reads everything in the jobs' rows, for the archive.
-- Parameters: $1 ids
-- Rows: one for each finished job, ordered by id.
-- Guard: none, reads only.
select
  id, kind, queue, status, version, attempt, failures, max_attempts, priority, progress, input, output, error, worker_id, tags,
  timeout_ms, unique_key, batch_id, run_at, deadline_at, created_at, started_at, finished_at, cancel_requested_at, actor, reason,
  idempotency_key, encode(request_hash, 'hex') as request_hash, traceparent
from jobs
where id = any($1::uuid[])
  and status in ('completed', 'failed', 'cancelled')
order by id
