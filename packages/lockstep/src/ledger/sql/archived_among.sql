-- Purpose: which of these jobs were archived.
-- Parameters: $1 ids
-- Rows: the ids, for each that was.
-- Guard: none, reads only.
select id
from archived_jobs
where id = any($1::uuid[])
