-- Purpose: counts the jobs that ended in each of the last 60 minutes, as far back as the newest
--   5,000 statements reach.
-- Parameters: none
-- Rows: one for each minute that is completely covered, oldest first, also when no job ended in it.
-- Guard: none, reads only.
with statements as materialized (
  select c.at, c.statuses
  from lockstep.changes c
  order by c.xid desc, c.seq desc
  limit 5000
),
newest as materialized (
  select s.at, u.status
  from statements s
  cross join lateral unnest(s.statuses) u(status)
),
covered as (
  select greatest(
    date_trunc('minute', clock_timestamp()) - interval '59 minutes',
    case when (select count(*) from statements) = 5000 then date_trunc('minute', min(at)) + interval '1 minute' end
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
