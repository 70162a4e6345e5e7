-- Purpose: deletes the rows of workers that have been silent for a day and hold no jobs.
-- Parameters: none
-- Rows: none.
-- Guard: the heartbeat is tested again under a row lock; a worker with a running job stays.
with dead as materialized (
  select id
  from lockstep.workers
  where heartbeat_at < clock_timestamp() - interval '1 day'
  order by id
  limit 100
  for update skip locked
)
delete from lockstep.workers w
using dead
where w.id = dead.id
  and not exists (select from lockstep.running_jobs j where j.worker_id = w.id)
