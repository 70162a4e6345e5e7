-- Purpose: lists the doctor's writes, newest first.
-- Parameters: $1 only of this job (null: all), $2 only ids before this one (null: from the newest),
--   $3 limit
-- Rows: at most $3.
-- Guard: none, reads only.
select id, at, actor, run, view, job_id, action, outcome
from lockstep.doctor_writes
where ($1::uuid is null or job_id = $1::uuid)
  and ($2::bigint is null or id < $2::bigint)
order by id desc
limit $3
