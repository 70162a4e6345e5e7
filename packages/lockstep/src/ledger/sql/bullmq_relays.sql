-- Purpose: lists which queues of the ledger are copied into BullMQ, and the names of the queues
--   there.
-- Parameters: none.
-- Rows: one for each, in no particular order.
-- Guard: none, reads only.
select queue, name
from lockstep.bullmq_relays
where queue is not null
