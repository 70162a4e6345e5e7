-- Purpose: reads how archived jobs ended and where their records are.
-- Parameters: $1 ids
-- Rows: one for each job found.
-- Guard: none, reads only.
select
  {a.archived}, clock_timestamp() as as_of,
  a.archived_at, f.name as file, a.member_offset::double precision as member_offset, a.member_bytes, a.line
from lockstep.archived_jobs a
join lockstep.archive_files f on f.id = a.file_id
where a.id = any($1::uuid[])
