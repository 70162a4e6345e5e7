-- Purpose: makes delayed jobs claimable when their time has come. No transition: the status stays
--   pending.
-- Parameters: $1 limit
-- Rows: one for each job that became claimable.
-- Guard: delayed, and its time has passed. Skip locked, so that several promoters share the work.
with due as materialized (
  select id
  from lockstep.jobs
  where due_at <= clock_timestamp()
  order by due_at, id
  limit $1
  for update skip locked
)
update lockstep.jobs as j
set ready_at = clock_timestamp(), due_at = null
from due
where j.id = due.id
  and j.status = 'pending'
  and j.due_at is not null
returning j.id, j.queue, j.priority, j.ready_at
