-- Purpose: checks whether any worker has ever offered a kind.
-- Parameters: $1 kind
-- Rows: one.
-- Guard: none, reads only.
select exists (select from lockstep.kinds where name = $1) as offered
