-- Purpose: reads the histories of several jobs, for the archive.
-- Parameters: $1 ids
-- Rows: one for each transition, ordered by job and version.
-- Guard: none, reads only.
select job_id, version, lag(status) over (partition by job_id order by version) as from_status, status, attempt, actor, reason, detail, at
from lockstep.transitions
where job_id = any($1::uuid[])
order by job_id, version
