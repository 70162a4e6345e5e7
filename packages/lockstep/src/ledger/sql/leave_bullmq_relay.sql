-- Purpose: lets another process copy the queue at once. The row stays, because it holds the name of
--   the BullMQ queue.
-- Parameters: $1 name, $2 holder
-- Rows: none.
-- Guard: this holder has the lease.
update lockstep.bullmq_relays
set held_until = '-infinity'
where name = $1
  and holder = $2
