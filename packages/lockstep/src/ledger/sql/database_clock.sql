-- Purpose: reads the database's clock, and the time at which its server was started.
-- Parameters: none
-- Rows: one.
-- Guard: none, reads only.
select
  (extract(epoch from clock_timestamp()) * 1000)::double precision as now,
  pg_postmaster_start_time()::text as started
