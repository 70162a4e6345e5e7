-- Purpose: reads a page of a queue's claimable jobs, in the order of the claim index.
-- Parameters: $1 queue, $2 $3 $4 the last (priority, ready_at, id), $5 limit
-- Rows: at most $5.
-- Guard: none, reads only.
select id, priority, ready_at
from lockstep.jobs
where queue = $1
  and ready_at is not null
  and (priority, ready_at, id) > ($2::smallint, $3::timestamptz, $4::uuid)
order by priority, ready_at, id
limit $5
