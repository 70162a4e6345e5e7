-- Purpose: starts a new run of jobs of a batch that did not complete.
-- Parameters: $1 batch, $2 actor, $3 limit, $4 only jobs that finished before this time
-- Rows: queue, priority and ready_at of each requeued job.
-- Guard: failed or cancelled before the request arrived, locked first, skipping jobs that another
--   transaction has locked: a job that fails again meanwhile is not started a second time. The
--   outcome of the earlier run is kept in the transition's detail.
with picked as materialized (
  select id
  from lockstep.jobs
  where batch_id = $1
    and status in ('failed', 'cancelled')
    and finished_at < $4::timestamptz
  order by id
  limit $3
  for update skip locked
)
update lockstep.jobs as j
set
  version = j.version + 1,
  status = 'pending',
  reason = 'requeued',
  actor = $2,
  failures = 0,
  losses = 0,
  output = null,
  error = null,
  progress = null,
  run_at = clock_timestamp(),
  ready_at = clock_timestamp(),
  unique_hold = j.unique_key,
  finished_at = null,
  failed_at = null,
  cancelled_at = null,
  cancel_requested_at = null
from picked
where j.id = picked.id
  and j.status in ('failed', 'cancelled')
  and j.finished_at < $4::timestamptz
returning j.queue, j.priority, j.ready_at
