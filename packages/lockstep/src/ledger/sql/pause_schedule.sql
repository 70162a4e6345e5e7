-- Purpose: stops a schedule from submitting.
-- Parameters: $1 name
-- Rows: the schedule, when it exists.
-- Guard: a schedule that is already paused keeps the time of its pause.
update lockstep.schedules
set paused_at = coalesce(paused_at, clock_timestamp()), updated_at = case when paused_at is null then clock_timestamp() else updated_at end
where name = $1
returning
  name, kind, queue, input, priority, max_attempts, timeout_ms, unique_key, limit_key, tags, cron, timezone, catch_up,
  next_at, last_at, last_job_id, paused_at, actor, created_at, updated_at
