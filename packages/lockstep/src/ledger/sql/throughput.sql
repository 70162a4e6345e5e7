-- Purpose: counts the jobs that ended in each of the last 60 minutes, as far back as the newest
--   50,000 transitions reach.
-- Parameters: none
-- Rows: one for each minute that is completely covered, oldest first, also when no job ended in it.
-- Guard: none, reads only.
with newest as materialized (
  select at, status
  from transitions
  order by xid desc, seq desc
  limit 50000
),
covered as (
  select greatest(
    date_trunc('minute', clock_timestamp()) - interval '59 minutes',
    case when count(*) = 50000 then date_trunc('minute', min(at)) + interval '1 minute' end
  ) as since
  from newest
),
ended as (
  select date_trunc('minute', at) as minute, status, count(*)::integer as n
  from newest
  where status in ('completed', 'failed', 'cancelled')
  group by 1, 2
)
select
  m.minute,
  coalesce(sum(e.n) filter (where e.status = 'completed'), 0)::integer as completed,
  coalesce(sum(e.n) filter (where e.status = 'failed'), 0)::integer as failed,
  coalesce(sum(e.n) filter (where e.status = 'cancelled'), 0)::integer as cancelled
from covered
cross join lateral generate_series(covered.since, date_trunc('minute', clock_timestamp()), interval '1 minute') as m(minute)
left join ended e on e.minute = m.minute
group by m.minute
order by m.minute
