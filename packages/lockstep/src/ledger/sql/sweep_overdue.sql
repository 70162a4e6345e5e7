-- Purpose: ends attempts that ran past their deadline, or past a stop request, by more than the
--   grace time that their live worker was given. A stop request sets the deadline.
-- Parameters: $1 grace in seconds, $2 limit
-- Rows: one for each job ended.
-- Guard: running, and the deadline tested again under the row's lock. Skip locked: a
--   settlement in progress wins.
with overdue as materialized (
  select j as job
  from lockstep.jobs j
  where j.deadline_at < clock_timestamp() - $1::double precision * interval '1 second'
    and j.status = 'running'
  order by j.deadline_at
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
  and j.status = 'running'
returning j.id, j.status, j.queue, j.priority, j.ready_at
