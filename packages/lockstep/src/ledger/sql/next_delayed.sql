-- Purpose: computes how long until the next delayed job is due.
-- Parameters: none
-- Rows: one: milliseconds (0 or less: due now), null when no job is delayed.
-- Guard: none, reads only.
select ceil(extract(epoch from (min(due_at) - clock_timestamp())) * 1000)::double precision as due_in_ms
from lockstep.jobs
where due_at is not null
