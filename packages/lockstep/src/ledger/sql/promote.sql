-- Purpose: makes delayed jobs claimable when their time has come. No transition: the status stays
--   pending.
-- Parameters: $1 limit
-- Rows: one for each job made claimable.
-- Guard: pending, not ready, run_at passed. Skip locked, so that several promoters share the work.
with due as materialized (
  select id
  from jobs
  where status = 'pending'
    and ready_at is null
    and run_at <= clock_timestamp()
  order by run_at, id
  limit $1
  for update skip locked
)
update jobs as j
set ready_at = clock_timestamp()
from due
where j.id = due.id
  and j.status = 'pending'
  and j.ready_at is null
returning j.id, j.queue, j.priority, j.ready_at
