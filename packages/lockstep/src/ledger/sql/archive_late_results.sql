-- Purpose: reads the late results of several jobs, for the archive.
-- Parameters: $1 ids
-- Rows: one for each late result, ordered by job.
-- Guard: none, reads only.
select job_id, attempt, worker_id, outcome, received_at
from lockstep.late_results
where job_id = any($1::uuid[])
order by job_id, attempt, received_at
