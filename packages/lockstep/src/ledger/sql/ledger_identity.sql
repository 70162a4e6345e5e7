-- Purpose: reads the identity of this ledger, which no other ledger has.
-- Parameters: none
-- Rows: one.
-- Guard: none, reads only.
select id
from lockstep.ledger_identity
