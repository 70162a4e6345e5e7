-- Purpose: where the feed stands now.
-- Parameters: none
-- Rows: one: this ledger's identity and the snapshot: exactly the transactions visible in it are behind the reader.
-- Guard: none, reads only.
select id as ledger, pg_current_snapshot()::text as snapshot
from ledger_identity
