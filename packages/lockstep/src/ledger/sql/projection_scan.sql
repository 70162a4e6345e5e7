-- Purpose: walks over all jobs by primary key, and picks those that the projection keeps.
-- Parameters: $1 the last id visited, $2 how many jobs to visit, $3 seconds that a finished job is
--   kept
-- Rows: one: the last id visited, how many jobs were visited, and the ids to keep, in order and
--   separated by commas; null for none.
-- Guard: none, reads only. The limit counts jobs visited, not jobs kept: a million old jobs in a
--   row cannot make the statement slow.
with walked as materialized (
  select j.id, j.finished_at
  from lockstep.jobs j
  where j.id > $1::uuid
  order by j.id
  limit $2
)
select
  (select w.id from walked w order by w.id desc limit 1) as last_id,
  count(*)::integer as walked,
  string_agg(w.id::text, ',' order by w.id) filter (
    where w.finished_at is null
      or w.finished_at > clock_timestamp() - $3::integer * interval '1 second'
  ) as ids
from walked w
