-- Purpose: lets a paused schedule submit again, from a given time on.
-- Parameters: $1 name, $2 next_at (null: never again)
-- Rows: the name, when it was paused.
-- Guard: paused. Times that passed during the pause are left out; the next time never goes back.
update lockstep.schedules
set paused_at = null, next_at = case when $2::timestamptz is not null then greatest($2::timestamptz, next_at) end, updated_at = clock_timestamp()
where name = $1
  and paused_at is not null
returning name
