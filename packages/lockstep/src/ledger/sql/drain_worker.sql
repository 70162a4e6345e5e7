-- Purpose: records that a worker takes no more jobs.
-- Parameters: $1 worker
-- Rows: none.
-- Guard: only the id.
update lockstep.workers
set draining = true
where id = $1
