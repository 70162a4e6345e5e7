-- Purpose: how many jobs ended in each of the last 60 minutes, as far as the newest 50,000 transitions reach.
-- Parameters: none
-- Rows: one for each minute that is wholly covered and saw an end.
-- Guard: none, reads only.
with newest as materialized (
  select at, status, from_status
  from transitions
  order by xid desc, seq desc
  limit 50000
),
covered as (
  select case when count(*) < 50000 then '-infinity'::timestamptz else date_trunc('minute', min(at)) + interval '1 minute' end as since
  from newest
)
select
  date_trunc('minute', at) as minute,
  (count(*) filter (where status = 'completed'))::integer as completed,
  (count(*) filter (where status = 'failed'))::integer as failed,
  (count(*) filter (where status = 'cancelled'))::integer as cancelled
from newest
cross join covered
where status in ('completed', 'failed', 'cancelled')
  and at >= greatest(covered.since, date_trunc('minute', clock_timestamp()) - interval '59 minutes')
group by 1
order by 1
