-- Purpose: stores progress and log lines of many running attempts in one statement.
-- Parameters: $1 worker, $2 jsonb array of {i: job, a: attempt, p: {fraction, message} or null, l:
--   [{level, message, at}]}
-- Rows: the jobs whose report was stored.
-- Guard: the running attempt of that worker, locked in the order of ids; log lines are stored only
--   for the locked jobs.
with held as materialized (
  select j.id, w.a as attempt, w.p as progress, w.l as lines
  from jsonb_to_recordset($2::jsonb) as w(i uuid, a integer, p jsonb, l jsonb)
  join lockstep.jobs j on j.id = w.i and j.attempt = w.a and j.worker_id = $1 and j.status = 'running'
  order by j.id
  for no key update of j
),
progressed as (
  update lockstep.jobs as j
  set progress = h.progress || jsonb_build_object('at', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
  from held h
  where j.id = h.id
    and j.attempt = h.attempt
    and j.worker_id = $1
    and j.status = 'running'
    and h.progress is not null
),
logged as (
  insert into lockstep.job_logs (job_id, attempt, at, level, message)
  select h.id, h.attempt, l.at, l.level, l.message
  from held h
  cross join lateral rows from (jsonb_to_recordset(h.lines) as (level text, message text, at timestamptz)) with ordinality as l(level, message, at, n)
  order by h.id, l.n
)
select id
from held
