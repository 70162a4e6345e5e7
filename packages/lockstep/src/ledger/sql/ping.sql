-- Purpose: a round trip.
-- Parameters: none
-- Rows: one.
-- Guard: none, reads only.
select 1 as pong
