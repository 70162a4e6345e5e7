-- Purpose: records that a schedule was brought up to date.
-- Parameters: $1 name, $2 the old next_at, $3 the new next_at (null: never again), $4 the last time
--   it submitted for, $5 the job submitted for that time
-- Rows: the name, when it took effect.
-- Guard: next_at is still what was read, the schedule is not paused, and next_at only grows: each
--   time is processed once.
update lockstep.schedules
set next_at = $3::timestamptz, last_at = coalesce($4::timestamptz, last_at), last_job_id = coalesce($5::uuid, last_job_id)
where name = $1
  and next_at = $2::timestamptz
  and paused_at is null
  and ($3::timestamptz is null or $3::timestamptz > next_at)
returning name
