-- Purpose: cancels pending jobs of a batch.
-- Parameters: $1 batch, $2 actor, $3 limit
-- Rows: the ids of the cancelled jobs.
-- Guard: status pending, locked first. A job that another transaction has locked is skipped, not
--   waited for, so that this statement and a turn cannot deadlock.
with picked as materialized (
  select id, clock_timestamp() as at
  from lockstep.jobs
  where batch_id = $1
    and status = 'pending'
  order by id
  limit $3
  for update skip locked
)
update lockstep.jobs as j
set
  version = j.version + 1,
  status = 'cancelled',
  reason = 'cancelled',
  actor = $2,
  ready_at = null,
  due_at = null,
  unique_hold = null,
  finished_at = picked.at,
  cancelled_at = picked.at,
  cancel_requested_at = picked.at
from picked
where j.id = picked.id
  and j.status = 'pending'
returning j.id
