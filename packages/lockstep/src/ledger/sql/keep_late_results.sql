-- Purpose: stores the finished results of fenced attempts beside their jobs.
-- Parameters: $1 jsonb array of {i: job, a: attempt, w: worker, x: outcome}
-- Rows: one for each result stored now.
-- Guard: only for jobs that exist or were archived; a result stored earlier stays as it is.
insert into lockstep.late_results (job_id, attempt, worker_id, outcome)
select s.i, s.a, s.w, s.x
from jsonb_to_recordset($1::jsonb) as s(i uuid, a integer, w uuid, x jsonb)
where (select true from lockstep.jobs j where j.id = s.i union all select true from lockstep.archived_jobs a where a.id = s.i limit 1)
order by s.i, s.a
on conflict do nothing
returning job_id
