-- Purpose: pauses or resumes a queue. Running jobs continue; nothing new is claimed while it is
--   paused.
-- Parameters: $1 queue, $2 paused
-- Rows: the name, when the queue exists.
-- Guard: a queue that is already paused keeps the time of its pause.
update queues
set paused_at = case when $2::boolean then coalesce(paused_at, clock_timestamp()) end
where name = $1
returning name
