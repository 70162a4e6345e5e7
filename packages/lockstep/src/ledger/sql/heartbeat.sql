-- Purpose: records that a worker is alive. One narrow row however many jobs it runs; no indexed
--   column changes, so it is a HOT update.
-- Parameters: $1 worker
-- Rows: the id, when the worker is registered.
-- Guard: only the id.
update lockstep.workers
set heartbeat_at = clock_timestamp()
where id = $1
returning id
