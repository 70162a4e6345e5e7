-- Purpose: gives the projector's lock back before the session goes back to its pool.
-- Parameters: none
-- Rows: one.
-- Guard: only the session that holds it can give it back.
select pg_advisory_unlock(hashtextextended('lockstep projection ' || id::text, 0)) as released
from ledger_identity
