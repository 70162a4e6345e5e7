-- Purpose: reads a page of a queue's pending jobs that are not ready yet (delayed, or a retry in
--   back-off), in the order of the index of delayed jobs.
-- Parameters: $1 queue, $2 $3 the last (run_at, id), $4 limit
-- Rows: at most $4.
-- Guard: none, reads only.
select id, due_at as run_at
from lockstep.jobs
where queue = $1
  and due_at is not null
  and (due_at, id) > ($2::timestamptz, $3::uuid)
order by due_at, id
limit $4
