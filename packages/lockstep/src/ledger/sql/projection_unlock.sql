-- Purpose: releases the projector's lock before the session returns to its pool.
-- Parameters: none
-- Rows: one.
-- Guard: only the session that holds the lock can release it.
select pg_advisory_unlock(hashtextextended('lockstep projection ' || id::text, 0)) as released
from lockstep.ledger_identity
