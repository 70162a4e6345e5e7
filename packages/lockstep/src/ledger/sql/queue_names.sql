-- Purpose: finds the queues that have claimable jobs, also those that nobody registered.
-- Parameters: $1 names after this one, $2 limit
-- Rows: the names, in their order.
-- Guard: none, reads only. It goes from queue to queue in the claim index, so it costs one look-up
--   for each queue with claimable jobs, however many queues there ever were.
with recursive found(queue) as (
  (
    select j.queue
    from lockstep.jobs j
    where j.ready_at is not null
      and j.queue > $1
    order by j.queue
    limit 1
  )
  union all
  select (
    select j.queue
    from lockstep.jobs j
    where j.ready_at is not null
      and j.queue > f.queue
    order by j.queue
    limit 1
  )
  from found f
  where f.queue is not null
)
select queue as name
from found
where queue is not null
limit $2
