-- Purpose: where the feed stands now.
-- Parameters: none
-- Rows: one: this ledger's identity, the snapshot (exactly the transactions visible in it are behind the reader), and the floor:
--   the newest transaction whose lines may have gone to the archive.
-- Guard: none, reads only.
select i.id as ledger, pg_current_snapshot()::text as snapshot, a.feed_floor::text as floor
from ledger_identity i
cross join archive_state a
