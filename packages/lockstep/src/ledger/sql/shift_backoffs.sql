-- Purpose: after the clock was set back, lets retries wait for their back-off only, and not also
--   for the time by which the clock went back.
-- Parameters: $1 limit
-- Rows: one for each job that waits shorter now.
-- Guard: delayed by a retry that was recorded in the future of this clock, and whose back-off is
--   shorter than that future is away; so a job is changed once. Skip locked: another process does
--   the same.
with ahead as materialized (
  select j.id, clock_timestamp() + (j.due_at - t.at) as due_at
  from lockstep.jobs j
  join lockstep.transitions t on t.job_id = j.id and t.version = j.version
  where j.due_at is not null
    and j.reason in ('retry', 'timeout')
    and j.due_at >= t.at
    and j.due_at - t.at < t.at - clock_timestamp()
  order by j.due_at, j.id
  limit $1
  for update of j skip locked
)
update lockstep.jobs as j
set due_at = ahead.due_at, run_at = ahead.due_at
from ahead
where j.id = ahead.id
  and j.status = 'pending'
  and j.due_at is not null
returning j.id
