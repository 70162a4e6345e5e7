-- Purpose: cancels a pending job.
-- Parameters: $1 id, $2 actor, $3 version the caller saw or null
-- Rows: the id, when it took effect.
-- Guard: status pending, and the version if one is given.
update lockstep.jobs as j
set
  version = j.version + 1,
  status = 'cancelled',
  reason = 'cancelled',
  actor = $2,
  ready_at = null,
  due_at = null,
  unique_hold = null,
  finished_at = now.at,
  cancelled_at = now.at,
  cancel_requested_at = now.at
from (select clock_timestamp() as at offset 0) now
where j.id = $1
  and j.status = 'pending'
  and j.version = coalesce($3::integer, j.version)
returning j.id
