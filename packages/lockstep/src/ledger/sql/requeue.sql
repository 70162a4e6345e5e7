-- Purpose: starts a new run of a finished job. The attempt keeps counting up, because it is the
--   fence.
-- Parameters: $1 id, $2 actor, $3 the version the operator saw
-- Rows: the job's queue, priority and ready_at, when it took effect.
-- Guard: terminal, and exactly that version. The outcome of the earlier run is kept in the
--   transition's detail.
update lockstep.jobs
set
  version = version + 1,
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
  unique_hold = unique_key,
  finished_at = null,
  failed_at = null,
  cancelled_at = null,
  cancel_requested_at = null
where id = $1
  and status in ('completed', 'failed', 'cancelled')
  and version = $3
returning queue, priority, ready_at
