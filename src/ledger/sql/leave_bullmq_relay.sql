-- Purpose: lets another process copy the queue at once.
-- Parameters: $1 name, $2 holder
-- Rows: none.
-- Guard: the lease is this holder's.
delete from bullmq_relays
where name = $1
  and holder = $2
