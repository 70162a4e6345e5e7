-- Purpose: reads schedules by name.
-- Parameters: $1 only the schedule with this name, or null; $2 only names after this one, $3 limit
-- Rows: one for each, ordered by name.
-- Guard: none, reads only.
select
  name, kind, queue, input, priority, max_attempts, timeout_ms, unique_key, limit_key, tags, cron, timezone, catch_up,
  next_at, last_at, last_job_id, paused_at, actor, created_at, updated_at
from lockstep.schedules
where name = coalesce($1::text, name)
  and name > $2::text
order by name
limit $3
