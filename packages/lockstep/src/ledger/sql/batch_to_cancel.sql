-- Purpose: how many jobs of a batch still wait, or run and were not asked to stop.
-- Parameters: $1 batch
-- Rows: one.
-- Guard: none, reads only.
select count(*)::integer as jobs
from jobs
where batch_id = $1
  and (status = 'pending' or (status = 'running' and cancel_requested_at is null))
