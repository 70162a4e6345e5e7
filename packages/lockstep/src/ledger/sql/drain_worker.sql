-- Purpose: shows that a worker takes no more jobs.
-- Parameters: $1 worker
-- Rows: none.
-- Guard: none besides the id.
update workers
set draining = true
where id = $1
