-- Purpose: computes how long until the next delayed job is due.
-- Parameters: none
-- Rows: one: milliseconds, null when no job is delayed.
-- Guard: none, reads only.
select ceil(extract(epoch from (min(run_at) - clock_timestamp())) * 1000)::double precision as due_in_ms
from jobs
where status = 'pending'
  and ready_at is null
