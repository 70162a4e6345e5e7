-- Purpose: the limits of a queue.
-- Parameters: $1 queue
-- Rows: one for each limit: that of the queue, that of each key, and those of single keys by name.
-- Guard: none, reads only.
select scope, key, concurrency, rate_count, rate_ms
from queue_limits
where queue = $1
order by scope desc, key
