-- Purpose: computes how long jobs waited and ran, by the minute they ended in, for the last 60
--   minutes, as far back as the newest 20,000 jobs reach.
-- Parameters: none
-- Rows: one for each minute in which a job ended, oldest first; seconds at the 50th, 95th and 99th
--   percentile.
-- Guard: none, reads only.
select
  date_trunc('minute', finished_at) as minute,
  count(*)::integer as n,
  percentile_cont(array[0.5, 0.95, 0.99]) within group (
    order by greatest(0, extract(epoch from started_at - run_at))::double precision
  ) as wait,
  percentile_cont(array[0.5, 0.95, 0.99]) within group (
    order by extract(epoch from finished_at - started_at)::double precision
  ) as run
from (
  select run_at, started_at, finished_at
  from lockstep.jobs
  order by id desc
  limit 20000
) newest
where finished_at > clock_timestamp() - interval '60 minutes' and started_at is not null
group by 1
order by 1
