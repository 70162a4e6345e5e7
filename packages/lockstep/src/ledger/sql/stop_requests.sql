-- Purpose: finds which attempts of a worker must stop: cancelled by someone, or no longer the
--   worker's own.
-- Parameters: $1 worker, $2 job ids and $3 attempts (pairs)
-- Rows: one for each attempt that must stop.
-- Guard: none, reads only.
select h.id as job_id, h.attempt, case when j.id is null then 'fenced' else 'cancel_requested' end as why
from unnest($2::uuid[], $3::integer[]) as h(id, attempt)
left join lockstep.jobs j on j.id = h.id and j.attempt = h.attempt and j.worker_id = $1 and j.status = 'running'
where j.id is null
  or j.cancel_requested_at is not null
