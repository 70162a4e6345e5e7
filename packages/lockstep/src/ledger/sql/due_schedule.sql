-- Purpose: locks a schedule that is due, until the transaction ends.
-- Parameters: $1 names to leave out
-- Rows: at most one: the schedule that has been due for longest, and the database's clock.
-- Guard: due and not paused, tested under the row's lock. Skip locked: another process is working
--   on that schedule.
select {schedule}, clock_timestamp() as now
from lockstep.schedules
where paused_at is null
  and next_at <= clock_timestamp()
  and name <> all($1::text[])
order by next_at
limit 1
for update skip locked
