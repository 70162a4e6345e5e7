-- Purpose: stops a schedule from submitting.
-- Parameters: $1 name
-- Rows: the schedule, when it exists.
-- Guard: a schedule that is already paused keeps the time of its pause.
update lockstep.schedules
set paused_at = coalesce(paused_at, clock_timestamp()), updated_at = case when paused_at is null then clock_timestamp() else updated_at end
where name = $1
returning {schedule}
