-- Purpose: deletes a worker that has ended. If it still holds jobs, it is marked as dead at once
--   instead, so that the sweeper takes them.
-- Parameters: $1 worker
-- Rows: none.
-- Guard: a worker whose jobs still run is not deleted.
with gone as (
  delete from lockstep.workers
  where id = $1
    and not exists (select from lockstep.running_jobs where worker_id = $1)
)
update lockstep.workers
set heartbeat_at = '-infinity', draining = true
where id = $1
  and exists (select from lockstep.running_jobs where worker_id = $1)
