-- Purpose: reads the current position of the feed.
-- Parameters: none
-- Rows: one: this ledger's identity, the snapshot (the reader has passed exactly the transactions
--   visible in it), and the floor: the newest transaction whose rows may have gone to the archive.
-- Guard: none, reads only.
select i.id as ledger, pg_current_snapshot()::text as snapshot, a.feed_floor::text as floor
from ledger_identity i
cross join archive_state a
