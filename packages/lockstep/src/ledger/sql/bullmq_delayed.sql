-- Purpose: reads a page of a queue's pending jobs that are not ready yet (delayed, or a retry in
--   back-off), in the order of the index of delayed jobs.
-- Parameters: $1 queue, $2 $3 the last (run_at, id), $4 limit
-- Rows: at most $4.
-- Guard: none, reads only.
select id, run_at
from jobs
where queue = $1
  and status = 'pending'
  and ready_at is null
  and (run_at, id) > ($2::timestamptz, $3::uuid)
order by run_at, id
limit $4
