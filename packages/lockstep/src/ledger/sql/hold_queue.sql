-- Purpose: makes the claims of a queue under limits wait until this transaction ends.
-- Parameters: $1 queue
-- Rows: one when there is such a queue.
-- Guard: none. It is the lock that those claims take first.
select name
from queues
where name = $1
for no key update
