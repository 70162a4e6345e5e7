-- Purpose: lists the queues with their depth. Counts stop at 10,000.
-- Parameters: $1 lease in seconds, $2 one queue's name, or null for all
-- Rows: one for each queue, ordered by name.
-- Guard: none, reads only.
select
  q.name as queue,
  q.paused_at,
  p.n as pending,
  d.n as delayed,
  r.n as running,
  p.n = 10000 or d.n = 10000 or r.n = 10000 as capped,
  (
    select min(j.ready_at)
    from (
      select ready_at
      from jobs
      where queue = q.name and status = 'pending' and ready_at is not null
      order by priority, ready_at
      limit 10000
    ) j
  ) as oldest_ready_at,
  (
    select count(*)::integer
    from workers w
    where (w.queues = '{}' or q.name = any(w.queues))
      and not w.draining
      and w.heartbeat_at >= clock_timestamp() - $1::double precision * interval '1 second'
  ) as workers
from queues q
cross join lateral (
  select count(*)::integer as n
  from (select from jobs where queue = q.name and status = 'pending' and ready_at is not null limit 10000) capped
) p
cross join lateral (
  select count(*)::integer as n
  from (select from jobs where queue = q.name and status = 'pending' and ready_at is null limit 10000) capped
) d
cross join lateral (
  select count(*)::integer as n
  from (select from jobs where queue = q.name and status = 'running' limit 10000) capped
) r
where $2::text is null or q.name = $2
order by q.name
limit 1000
