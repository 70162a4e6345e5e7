-- Purpose: reads the limits of a queue.
-- Parameters: $1 queue
-- Rows: one for each limit: of the queue, of each key, and of single keys ordered by name.
-- Guard: none, reads only.
select scope, key, concurrency, rate_count, rate_ms
from lockstep.queue_limits
where queue = $1
order by scope desc, key
