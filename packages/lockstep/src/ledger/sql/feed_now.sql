-- Purpose: reads the current position of the feed.
-- Parameters: none
-- Rows: one: this ledger's identity, the snapshot (the reader has passed exactly the transactions
--   visible in it), and the floor: the newest transaction whose changes may have been deleted.
-- Guard: none, reads only.
select i.id as ledger, pg_current_snapshot()::text as snapshot, f.floor::text as floor
from lockstep.ledger_identity i
cross join lockstep.feed_state f
