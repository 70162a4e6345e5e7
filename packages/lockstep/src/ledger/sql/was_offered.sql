-- Purpose: checks whether any worker has ever offered a kind.
-- Parameters: $1 kind
-- Rows: one.
-- Guard: none, reads only.
select exists (select from offered_kinds where kind = $1) as offered
