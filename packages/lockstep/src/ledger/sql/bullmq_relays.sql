-- Purpose: which queues of the ledger are copied into BullMQ, and what the queues there are called.
-- Parameters: none.
-- Rows: one for each, in no order.
-- Guard: none, reads only.
select queue, name
from bullmq_relays
where queue is not null
