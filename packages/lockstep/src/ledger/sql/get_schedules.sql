-- Purpose: reads schedules by name.
-- Parameters: $1 only the schedule with this name, or null; $2 only names after this one, $3 limit
-- Rows: one for each, ordered by name.
-- Guard: none, reads only.
select {schedule}
from lockstep.schedules
where name = coalesce($1::text, name)
  and name > $2::text
order by name
limit $3
