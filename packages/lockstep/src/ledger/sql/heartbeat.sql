-- Purpose: says that a worker lives. One narrow row whatever it runs; nothing indexed changes, so it is a HOT update.
-- Parameters: $1 worker
-- Rows: the id, when the worker is registered.
-- Guard: none besides the id.
update workers
set heartbeat_at = clock_timestamp()
where id = $1
returning id
