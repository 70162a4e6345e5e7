-- Purpose: reads every job that runs in a worker's name: a turn whose answer was lost may have
--   claimed jobs that the worker does not know of.
-- Parameters: $1 worker
-- Rows: one for each.
-- Guard: none, reads only. It walks the index of running jobs, so it runs after a failed turn, not
--   in every turn.
select
  id, kind, queue, status, version, attempt, failures, max_attempts, priority, progress, input, output, error, worker_id, tags,
  timeout_ms, unique_key, run_at, deadline_at, created_at, started_at, finished_at, cancel_requested_at, actor, reason, traceparent,
  'ledger' as source, clock_timestamp() as as_of
from jobs
where status = 'running'
  and worker_id = $1
order by id
