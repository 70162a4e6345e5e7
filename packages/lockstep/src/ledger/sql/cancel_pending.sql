-- Purpose: cancels a pending job.
-- Parameters: $1 id, $2 actor, $3 version the caller saw or null
-- Rows: the id, when it took effect.
-- Guard: status pending, and the version if one is given.
update jobs
set version = version + 1, status = 'cancelled', reason = 'cancelled', actor = $2, finished_at = clock_timestamp(), cancel_requested_at = clock_timestamp()
where id = $1
  and status = 'pending'
  and version = coalesce($3::integer, version)
returning id
