-- Purpose: ends attempts that ran past their deadline, or past a stop request, by more than the
--   grace time that their live worker was given.
-- Parameters: $1 grace in seconds, $2 limit
-- Rows: one for each job ended.
-- Guard: running, and the deadline or the request tested again under the row's lock. Skip locked: a
--   settlement in progress wins.
with late as materialized (
  (
    select id
    from lockstep.jobs
    where deadline_at < clock_timestamp() - $1::double precision * interval '1 second'
    order by deadline_at
    limit $2
  )
  union
  (
    select id
    from lockstep.jobs
    where running
      and cancel_requested_at < clock_timestamp() - $1::double precision * interval '1 second'
    order by cancel_requested_at
    limit $2
  )
),
overdue as materialized (
  select j as job
  from late
  join lockstep.jobs j on j.id = late.id
  where j.running
    and (
      j.deadline_at < clock_timestamp() - $1::double precision * interval '1 second'
      or j.cancel_requested_at < clock_timestamp() - $1::double precision * interval '1 second'
    )
  order by j.id
  limit $2
  for update of j skip locked
)
update lockstep.jobs as j
set
  version = j.version + 1,
  running = null,
  deadline_at = null,
  actor = 'sweeper',
  status = n.status,
  reason = n.reason,
  failures = j.failures + n.failed,
  error = lockstep.attempt_error(
    case n.status
      when 'cancelled' then '{"name": "CancelledError", "message": "The job was cancelled and its worker did not stop in time.", "code": "JOB_CANCELLED", "stack": null}'
      else '{"name": "TimeoutError", "message": "The attempt outlived its deadline and its worker did not end it.", "code": "JOB_TIMEOUT", "stack": null}'
    end::jsonb,
    j.attempt),
  ready_at = n.ready_at,
  finished_at = n.finished_at,
  failed_at = case n.status when 'failed' then n.finished_at end,
  cancelled_at = case n.status when 'cancelled' then n.finished_at end,
  unique_hold = case n.status when 'pending' then j.unique_key end
from overdue
cross join lateral lockstep.end_attempt(overdue.job, 'failed', 'timeout', 0, clock_timestamp()) n
where j.id = (overdue.job).id
  and j.running
returning j.id, j.status, j.queue, j.priority, j.ready_at
