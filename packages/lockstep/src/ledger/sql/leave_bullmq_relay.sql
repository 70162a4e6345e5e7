-- Purpose: lets another process copy the queue at once. The row stays: it tells what BullMQ's queue is called.
-- Parameters: $1 name, $2 holder
-- Rows: none.
-- Guard: the lease is this holder's.
update bullmq_relays
set held_until = '-infinity'
where name = $1
  and holder = $2
