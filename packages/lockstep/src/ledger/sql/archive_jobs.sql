-- Purpose: reads everything in the jobs' rows, for the archive.
-- Parameters: $1 ids
-- Rows: one for each finished job, ordered by id.
-- Guard: none, reads only.
select {job}, traceparent
from lockstep.jobs
where id = any($1::uuid[])
  and status in ('completed', 'failed', 'cancelled')
order by id
