-- Purpose: reads the columns that describe the status of jobs, by primary key: no input, which can
--   be a megabyte, and no other column that is not needed.
-- Parameters: $1 ids
-- Rows: one for each job that exists, in no particular order.
-- Guard: none, reads only.
select
  id, kind, queue, status, version, attempt, failures, max_attempts, progress, output, error, run_at, cancel_requested_at, reason,
  'ledger' as source, clock_timestamp() as as_of
from lockstep.jobs
where id = any($1::uuid[])
