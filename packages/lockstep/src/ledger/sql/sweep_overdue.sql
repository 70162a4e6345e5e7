-- Purpose: ends attempts that ran past their deadline, or past a stop request, by more than the
--   grace time that their live worker was given. A worker measures the time of its attempts itself;
--   this is for a worker that is blocked, or that does not do it.
-- Parameters: $1 grace in seconds, $2 limit, $3 since when the clock has run steadily, in
--   milliseconds, $4 what it shows now if nobody has set it meanwhile; null: not known, $5 by how
--   many milliseconds it may differ
-- Rows: one for each job ended.
-- Guard: running, and the deadline tested again under the row's lock. Skip locked: a
--   settlement in progress wins. Of an attempt that began before the clock was set, the time is
--   counted from when the clock has run steadily: less than really passed, never more.
with overdue as materialized (
  select j as job
  from lockstep.jobs j
  where j.deadline_at < clock_timestamp() - $1::double precision * interval '1 second'
    and least(
      greatest(j.started_at, to_timestamp($3::double precision / 1000)) + j.timeout_ms * interval '1 millisecond',
      case when j.cancel_requested_at is not null then greatest(j.cancel_requested_at, to_timestamp($3::double precision / 1000)) end
    ) < clock_timestamp() - $1::double precision * interval '1 second'
    and (
      abs(extract(epoch from clock_timestamp()) * 1000 - $4::double precision) <= $5::double precision
      or $4::double precision is null
    )
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
