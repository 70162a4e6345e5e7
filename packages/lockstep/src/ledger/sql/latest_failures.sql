-- Purpose: reads the latest failures, grouped by kind and message.
-- Parameters: none
-- Rows: at most 10, the newest group first.
-- Guard: none, reads only.
select
  kind,
  left(error ->> 'message', 300) as message,
  count(*)::integer as count,
  (array_agg(id order by finished_at desc))[1] as last_job_id,
  max(finished_at) as last_at
from (
  select id, kind, error, finished_at
  from lockstep.jobs
  where failed_at is not null
  order by failed_at desc
  limit 500
) latest
group by kind, left(error ->> 'message', 300)
order by last_at desc
limit 10
