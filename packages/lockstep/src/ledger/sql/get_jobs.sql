-- Purpose: reads jobs by primary key.
-- Parameters: $1 ids
-- Rows: one for each job that exists, in no particular order.
-- Guard: none, reads only.
select
  id, kind, queue, status, version, attempt, failures, max_attempts, priority, progress, input, output, error, worker_id, tags,
  timeout_ms, unique_key, batch_id, run_at, deadline_at, created_at, started_at, finished_at, cancel_requested_at, actor, reason,
  'ledger' as source, clock_timestamp() as as_of
from jobs
where id = any($1::uuid[])
