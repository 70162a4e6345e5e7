-- Purpose: computes how long until the next schedule is due.
-- Parameters: $1 names to leave out
-- Rows: one: milliseconds, null when no schedule will be due.
-- Guard: none, reads only.
select ceil(extract(epoch from (min(next_at) - clock_timestamp())) * 1000)::double precision as due_in_ms
from lockstep.schedules
where paused_at is null
  and next_at is not null
  and name <> all($1::text[])
