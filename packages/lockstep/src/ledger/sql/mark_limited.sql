-- Purpose: records in the queue's own row whether it has limits.
-- Parameters: $1 queue
-- Rows: none.
-- Guard: the queue's row is locked (hold_queue.sql).
update lockstep.queues
set limited = exists (select from lockstep.queue_limits where queue = $1)
where name = $1
