-- Purpose: sets one limit of a queue.
-- Parameters: $1 queue, $2 scope, $3 key or '', $4 concurrency, $5 starts in a period, $6 that
--   period in ms; null: not limited
-- Rows: none. When nothing is limited, the limit is deleted.
-- Guard: the queue's row is locked (hold_queue.sql).
with gone as (
  delete from lockstep.queue_limits
  where queue = $1
    and scope = $2
    and key = $3
    and $4::integer is null
    and $5::integer is null
)
insert into lockstep.queue_limits as l (queue, scope, key, concurrency, rate_count, rate_ms)
select $1, $2, $3, $4::integer, $5::integer, $6::integer
where $4::integer is not null
  or $5::integer is not null
on conflict (queue, scope, key) do update
set concurrency = excluded.concurrency, rate_count = excluded.rate_count, rate_ms = excluded.rate_ms
