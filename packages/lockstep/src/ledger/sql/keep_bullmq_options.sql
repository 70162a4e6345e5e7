-- Purpose: stores the BullMQ options of new jobs, in the transaction that submits them.
-- Parameters: $1 job ids and $2 options as JSON texts (pairs)
-- Rows: none.
-- Guard: the first options of a job stay.
insert into lockstep.bullmq_entries (job_id, options)
select e.job_id, e.options::jsonb
from unnest($1::uuid[], $2::text[]) as e(job_id, options)
order by e.job_id
on conflict do nothing
