-- Purpose: reads the finished results of a job's fenced attempts.
-- Parameters: $1 id
-- Rows: one for each result.
-- Guard: none, reads only.
select attempt, worker_id, outcome, received_at
from lockstep.late_results
where job_id = $1
order by attempt, received_at
