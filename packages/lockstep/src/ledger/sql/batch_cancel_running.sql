-- Purpose: requests a stop of a batch's running jobs.
-- Parameters: $1 batch, $2 actor, $3 limit
-- Rows: the ids of the jobs with a new stop request.
-- Guard: status running and no earlier stop request, locked first, skipping jobs that another
--   transaction has locked. A completion that commits first wins.
with picked as materialized (
  select id
  from lockstep.jobs
  where batch_id = $1
    and status = 'running'
    and cancel_requested_at is null
  order by id
  limit $3
  for update skip locked
)
update lockstep.jobs as j
set version = j.version + 1, reason = 'cancel_requested', actor = $2, cancel_requested_at = clock_timestamp(),
  deadline_at = least(j.deadline_at, clock_timestamp())
from picked
where j.id = picked.id
  and j.status = 'running'
  and j.cancel_requested_at is null
returning j.id
