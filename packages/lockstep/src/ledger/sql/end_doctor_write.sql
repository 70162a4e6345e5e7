-- Purpose: notes what became of a write of the doctor's.
-- Parameters: $1 the line's id, $2 outcome
-- Rows: none.
-- Guard: an outcome is never replaced.
update doctor_writes
set outcome = $2
where id = $1::bigint
  and outcome is null
