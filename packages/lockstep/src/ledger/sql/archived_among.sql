-- Purpose: finds which of these jobs were archived.
-- Parameters: $1 ids
-- Rows: the ids of the archived ones.
-- Guard: none, reads only.
select id
from lockstep.archived_jobs
where id = any($1::uuid[])
