-- Purpose: lists the queues with their depth. Counts stop at 10,000.
-- Parameters: $1 lease in seconds, $2 one queue's name, or null for all
-- Rows: one for each queue, ordered by name.
-- Guard: none, reads only.
with recursive claimable(queue) as (
  (select j.queue from lockstep.jobs j where j.ready_at is not null order by j.queue limit 1)
  union all
  select (select j.queue from lockstep.jobs j where j.ready_at is not null and j.queue > c.queue order by j.queue limit 1)
  from claimable c
  where c.queue is not null
),
names as materialized (
  select n.name
  from (
    select name from lockstep.queues
    union
    select queue from claimable
    union
    select queue from lockstep.claims
    union
    select queue from (select queue from lockstep.jobs where due_at is not null order by due_at, id limit 10000) delayed
  ) n
  where n.name is not null
    and ($2::text is null or n.name = $2)
  order by n.name
  limit 1000
)
select
  q.name as queue,
  k.paused_at,
  p.n as pending,
  d.n as delayed,
  r.n as running,
  p.n = 10000 or d.n = 10000 or r.n = 10000 as capped,
  (
    select min(j.ready_at)
    from (
      select ready_at
      from lockstep.jobs
      where queue = q.name and ready_at is not null
      order by priority, ready_at
      limit 10000
    ) j
  ) as oldest_ready_at,
  (
    select count(*)::integer
    from lockstep.workers w
    where (w.queues = '{}' or q.name = any(w.queues))
      and not w.draining
      and w.heartbeat_at between clock_timestamp() - $1::double precision * interval '1 second' and clock_timestamp() + $1::double precision * interval '1 second'
  ) as workers
from names q
left join lockstep.queues k on k.name = q.name
cross join lateral (
  select count(*)::integer as n
  from (select from lockstep.jobs where queue = q.name and ready_at is not null limit 10000) capped
) p
cross join lateral (
  select count(*)::integer as n
  from (select from lockstep.jobs where queue = q.name and due_at is not null limit 10000) capped
) d
cross join lateral (
  select count(*)::integer as n
  from (select from lockstep.running_jobs where queue = q.name limit 10000) capped
) r
order by q.name
limit 1000
