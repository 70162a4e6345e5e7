-- Purpose: finds which of these jobs wait in queues that have limits: claim_limited.sql decides
--   about them.
-- Parameters: $1 jobs
-- Rows: id and queue of each.
-- Guard: none, reads only.
select j.id, j.queue
from lockstep.jobs j
join lockstep.queues q on q.name = j.queue
where j.id = any($1::uuid[])
  and q.limited
  and q.paused_at is null
  and j.ready_at is not null
