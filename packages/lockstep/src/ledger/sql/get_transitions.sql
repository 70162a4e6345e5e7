-- Purpose: reads a job's history.
-- Parameters: $1 id
-- Rows: one for each transition, oldest first.
-- Guard: none, reads only.
select job_id, version, lag(status) over (order by version) as from_status, status, attempt, actor, reason, detail, at
from lockstep.transitions
where job_id = $1
order by version
