-- Purpose: reads a page of a job's log.
-- Parameters: $1 id, $2 the last seq the reader has, $3 limit
-- Rows: at most $3, oldest first.
-- Guard: none, reads only.
select seq::double precision as seq, attempt, at, level, message
from lockstep.job_logs
where job_id = $1
  and seq > $2::bigint
order by seq
limit $3
