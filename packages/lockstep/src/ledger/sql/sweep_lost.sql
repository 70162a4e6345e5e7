-- Purpose: takes jobs away from workers whose heartbeat is too old, or is ahead of a clock that was
--   set back since.
-- Parameters: $1 lease in seconds, $2 limit, $3 only workers embedded in a process that is known to
--   be dead (boolean)
-- Rows: one for each job taken.
-- Guard: the worker's row is locked first, which reads its newest heartbeat again and makes a
--   heartbeat that comes now wait; the job must still run that very attempt (a worker unknown to
--   this snapshot may have claimed it since). Skip locked everywhere: the sweeper never waits.
with held as materialized (
  select j.id, j.attempt, j.worker_id
  from jobs j
  where j.status = 'running'
),
silent as materialized (
  select w.id
  from workers w
  where w.id in (select worker_id from held)
    and case
      when $3::boolean then w.embedded
      else w.heartbeat_at not between
        clock_timestamp() - $1::double precision * interval '1 second' and clock_timestamp() + $1::double precision * interval '1 second'
    end
  order by w.id
  for update skip locked
),
lost as materialized (
  select j.id
  from held
  join jobs j on j.id = held.id and j.attempt = held.attempt and j.status = 'running'
  where held.worker_id in (select id from silent)
    or not exists (select from workers w where w.id = held.worker_id)
  order by j.id
  limit $2
  for update of j skip locked
)
update jobs as j
set
  version = j.version + 1,
  status = case when j.cancel_requested_at is not null then 'cancelled' when j.failures + 1 >= j.max_attempts then 'failed' else 'pending' end,
  reason = case when j.cancel_requested_at is not null then 'cancelled' else 'lost' end,
  actor = 'sweeper',
  failures = j.failures + 1,
  error = jsonb_build_object(
    'name', 'WorkerLostError', 'message', 'The worker that ran this attempt stopped sending heartbeats.',
    'code', 'WORKER_LOST', 'stack', null, 'attempt', j.attempt, 'at', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
  ready_at = case when j.cancel_requested_at is null and j.failures + 1 < j.max_attempts then clock_timestamp() else j.ready_at end,
  finished_at = case when j.cancel_requested_at is not null or j.failures + 1 >= j.max_attempts then clock_timestamp() end,
  deadline_at = null
from lost
where j.id = lost.id
  and j.status = 'running'
returning j.id, j.status, j.queue, j.priority, j.ready_at
