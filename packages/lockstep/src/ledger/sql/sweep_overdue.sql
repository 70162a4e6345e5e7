-- Purpose: ends attempts that ran past their deadline, or past a stop request, by more than the
--   grace time that their live worker was given.
-- Parameters: $1 grace in seconds, $2 limit
-- Rows: one for each job ended.
-- Guard: status running, and the deadline or the request tested again here. Skip locked: a
--   settlement in progress wins.
with overdue as materialized (
  select id
  from jobs
  where status = 'running'
    and (
      deadline_at < clock_timestamp() - $1::double precision * interval '1 second'
      or cancel_requested_at < clock_timestamp() - $1::double precision * interval '1 second'
    )
  order by id
  limit $2
  for update skip locked
)
update jobs as j
set
  version = j.version + 1,
  status = case when j.cancel_requested_at is not null then 'cancelled' when j.failures + 1 >= j.max_attempts then 'failed' else 'pending' end,
  reason = case when j.cancel_requested_at is not null then 'cancelled' else 'timeout' end,
  actor = 'sweeper',
  failures = j.failures + 1,
  error = jsonb_build_object(
    'name', case when j.cancel_requested_at is not null then 'CancelledError' else 'TimeoutError' end,
    'message', case when j.cancel_requested_at is not null then 'The job was cancelled and its worker did not stop in time.'
      else 'The attempt outlived its deadline and its worker did not end it.' end,
    'code', case when j.cancel_requested_at is not null then 'JOB_CANCELLED' else 'JOB_TIMEOUT' end,
    'stack', null, 'attempt', j.attempt, 'at', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
  ready_at = case when j.cancel_requested_at is null and j.failures + 1 < j.max_attempts then clock_timestamp() else j.ready_at end,
  finished_at = case when j.cancel_requested_at is not null or j.failures + 1 >= j.max_attempts then clock_timestamp() end,
  deadline_at = null
from overdue
where j.id = overdue.id
  and j.status = 'running'
  and (
    j.deadline_at < clock_timestamp() - $1::double precision * interval '1 second'
    or j.cancel_requested_at < clock_timestamp() - $1::double precision * interval '1 second'
  )
returning j.id, j.status, j.queue, j.priority, j.ready_at
