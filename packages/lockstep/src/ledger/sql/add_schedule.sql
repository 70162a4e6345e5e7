-- Purpose: adds a schedule.
-- Parameters: $1 name, $2 kind, $3 queue, $4 input (JSON text), $5 priority, $6 max_attempts, $7
--   timeout_ms, $8 unique_key, $9 limit_key, $10 tags, $11 cron, $12 timezone, $13 catch_up, $14
--   next_at, $15 actor
-- Rows: the schedule, unless its name is taken.
-- Guard: on conflict do nothing.
insert into lockstep.schedules (
  name, kind, queue, input, priority, max_attempts, timeout_ms, unique_key, limit_key, tags, cron, timezone, catch_up, next_at, actor
)
values ($1, $2, $3, $4::text::jsonb, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict (name) do nothing
returning {schedule}
