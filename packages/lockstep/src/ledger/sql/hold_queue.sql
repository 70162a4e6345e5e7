-- Purpose: makes the claims of a queue with limits wait until this transaction ends.
-- Parameters: $1 queue
-- Rows: one when there is such a queue.
-- Guard: none. Those claims take this lock first.
select name
from lockstep.queues
where name = $1
for no key update
