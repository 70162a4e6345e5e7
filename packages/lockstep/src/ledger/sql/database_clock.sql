-- Purpose: reads the database's clock.
-- Parameters: none
-- Rows: one.
-- Guard: none, reads only.
select (extract(epoch from clock_timestamp()) * 1000)::double precision as now
