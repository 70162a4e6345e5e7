-- Purpose: takes jobs away from workers whose heartbeat is too old, or is ahead of a clock that was
--   set back since.
-- Parameters: $1 lease in seconds, $2 limit, $3 only workers embedded in a process that is known to
--   be dead (boolean), $4 what the clock shows now, in milliseconds, if nobody has set it since;
--   null: not known, $5 by how many milliseconds it may differ
-- Rows: one for each job taken.
-- Guard: the worker's row is locked first, which reads its newest heartbeat again and makes a
--   heartbeat that comes now wait; the job must still run that very attempt (a worker unknown to
--   this snapshot may have claimed it since). Skip locked everywhere: the sweeper never waits. When
--   the clock was set since the caller read it, no heartbeat can be judged, and nothing is taken.
with clock as materialized (
  select
  where abs(extract(epoch from clock_timestamp()) * 1000 - $4::double precision) <= $5::double precision
    or $4::double precision is null
),
silent as materialized (
  select w.id
  from lockstep.workers w
  where exists (select from clock)
    and w.id in (select c.worker_id from lockstep.claims c)
    and case
      when $3::boolean then w.embedded
      else w.heartbeat_at not between
        clock_timestamp() - $1::double precision * interval '1 second' and clock_timestamp() + $1::double precision * interval '1 second'
    end
  order by w.id
  for update skip locked
),
lost as materialized (
  select j as job
  from lockstep.running_jobs held
  join lockstep.jobs j on j.id = held.id and j.attempt = held.attempt and j.status = 'running'
  where exists (select from clock)
    and (
      held.worker_id in (select id from silent)
      or not exists (select from lockstep.workers w where w.id = held.worker_id)
    )
  order by j.id
  limit $2
  for update of j skip locked
)
update lockstep.jobs as j
set
  version = j.version + 1,
  deadline_at = null,
  actor = 'sweeper',
  status = n.status,
  reason = n.reason,
  losses = j.losses + n.lost,
  error = lockstep.attempt_error(
    '{"name": "WorkerLostError", "message": "The worker that ran this attempt stopped sending heartbeats.", "code": "WORKER_LOST", "stack": null}',
    j.attempt),
  ready_at = n.ready_at,
  finished_at = n.finished_at,
  failed_at = case n.status when 'failed' then n.finished_at end,
  cancelled_at = case n.status when 'cancelled' then n.finished_at end,
  unique_hold = case n.status when 'pending' then j.unique_key end
from lost
cross join lateral lockstep.end_attempt(lost.job, 'lost', null, null, clock_timestamp()) n
where j.id = (lost.job).id
  and j.status = 'running'
returning j.id, j.status, j.queue, j.priority, j.ready_at
