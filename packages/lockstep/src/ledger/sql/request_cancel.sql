-- Purpose: asks the worker of a running job to stop.
-- Parameters: $1 id, $2 actor, $3 version the caller saw or null
-- Rows: the id, when it took effect.
-- Guard: status running, no earlier stop request, and the version if one is given. A completion
--   that commits first wins.
update lockstep.jobs
set version = version + 1, reason = 'cancel_requested', actor = $2, cancel_requested_at = clock_timestamp(),
  deadline_at = least(deadline_at, clock_timestamp())
where id = $1
  and status = 'running'
  and cancel_requested_at is null
  and version = coalesce($3::integer, version)
returning id
