-- Purpose: reads the data from which a job's entry in BullMQ is built, and whether it should have
--   one.
-- Parameters: $1 job ids
-- Rows: one for each job that exists, in no particular order.
-- Guard: none, reads only.
select
  j.id, j.kind, j.queue, j.status, j.version, j.priority, j.max_attempts, j.input, j.created_at,
  greatest(0, ceil(extract(epoch from (j.run_at - clock_timestamp())) * 1000))::double precision as due_in_ms,
  e.options
from lockstep.jobs j
left join lockstep.bullmq_entries e on e.job_id = j.id
where j.id = any($1::uuid[])
