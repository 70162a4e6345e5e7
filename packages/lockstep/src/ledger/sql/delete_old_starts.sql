-- Purpose: deletes counts of starts that are older than the longest period of a rate, a day.
-- Parameters: none
-- Rows: none.
-- Guard: none needed: no limit uses them any more.
delete from lockstep.limit_starts
where noted_at < clock_timestamp() - interval '2 days'
