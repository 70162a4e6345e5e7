-- Purpose: counts the jobs of a batch that are still pending, or are running without a stop
--   request.
-- Parameters: $1 batch
-- Rows: one.
-- Guard: none, reads only.
select count(*)::integer as jobs
from lockstep.jobs
where batch_id = $1
  and (status = 'pending' or (status = 'running' and cancel_requested_at is null))
